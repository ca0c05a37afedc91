// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* me = "https://acme.example/tools/rest/me";

void expect_me(Program& program, int status, const char* body) {
  program.world.transport.expect("GET", me).answers(status, {}, body);
}

std::int64_t days_left(const json::Value& status) {
  REQUIRE(status.find("days_left")->as_integer() != nullptr);
  return *status.find("days_left")->as_integer();
}

}  // namespace

TEST_CASE("status: the user comes from the server, the times from the sign-in") {
  Program program;
  program.make_profile();
  program.sign_in();
  expect_me(program, 200, R"({"name":"bob"})");
  const json::Value status = program.run_json({"status"});
  CHECK(text_at(status, "/profile") == "work");
  CHECK(text_at(status, "/user") == "bob");
  CHECK(text_at(status, "/method") == "oauth1");
  CHECK(text_at(status, "/issued_at") == "2026-01-31T09:30:00Z");
  CHECK(text_at(status, "/expires_at") == "2026-02-10T09:30:00Z");
  CHECK(text_at(status, "/session_ends_at") == "2026-02-20T09:30:00Z");
  CHECK(text_at(status, "/store") == "file");
  CHECK(days_left(status) == 10);
  CHECK(*status.find("valid")->as_bool());
}

TEST_CASE("status: days left are whole days, and none are left of less than one") {
  Program program;
  program.make_profile();
  program.sign_in();
  const auto after = [&program](int seconds) {
    program.world.clock.set(1769851800 + seconds);
    return days_left(program.run_json({"status", "--offline"}));
  };
  CHECK(after(1) == 9);
  CHECK(after(86400) == 9);
  CHECK(after(9 * 86400 + 1) == 0);
  CHECK(after(30 * 86400) == 0);
}

TEST_CASE("status: offline asks nobody and says so") {
  Program program;
  program.make_profile();
  program.sign_in();
  const json::Value status = program.run_json({"status", "--offline"});
  CHECK(text_at(status, "/user") == "alice");
  CHECK(status.find("valid")->is_null());
  CHECK(program.run({"status", "--offline"}) == 0);
  CHECK(holds(program.out, "alice (the server was not asked)"));
}

TEST_CASE("status: a token that no longer counts is shown as such and ends with 4") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.world.transport.expect("GET", me).answers(
      401, {{"WWW-Authenticate", "OAuth oauth_problem=\"token_rejected\""}});
  CHECK(program.run({"status", "--output", "json"}) == 4);
  const json::Value status = json::parse(program.out).value();
  CHECK_FALSE(*status.find("valid")->as_bool());
  CHECK(text_at(status, "/user") == "alice");
  CHECK(text_at(json::parse(program.err).value(), "/code") == "oauth1.token_rejected");
}

TEST_CASE("status: an unreachable server says nothing about the sign-in") {
  Program program;
  program.make_profile();
  program.sign_in();
  for (int attempt = 0; attempt < 3; ++attempt) {
    program.world.transport.expect("GET", me).fails(ErrorCode::network_refused);
  }
  CHECK(program.run({"status", "--output", "json"}) == 9);
  CHECK(json::parse(program.out).value().find("valid")->is_null());
}

TEST_CASE("status: what is not known is null") {
  Program program;
  program.make_profile();
  program.world.environment.variables["ATLINK_OAUTH_TOKEN"] = "t";
  program.world.environment.variables["ATLINK_OAUTH_TOKEN_SECRET"] = "s";
  const json::Value status = program.run_json({"status", "--offline"});
  for (const char* name : {"user", "issued_at", "expires_at", "days_left", "session_ends_at"}) {
    CAPTURE(name);
    REQUIRE(status.find(name) != nullptr);
    CHECK(status.find(name)->is_null());
  }
  CHECK(text_at(status, "/store") == "environment");
  CHECK(program.run({"status", "--offline"}) == 0);
  CHECK(holds(program.out, "not known"));
}

TEST_CASE("status: nobody signed in is its own outcome, two-legged another") {
  Program program;
  program.make_profile();
  CHECK(text_at(program.run_json({"status"}, 4), "/code") == "credential.missing");
  REQUIRE(program.run({"profile", "set", "work", "--two-legged"}) == 0);
  const json::Value status = program.run_json({"status"});
  CHECK(*status.find("two_legged")->as_bool());
  CHECK(status.find("store")->is_null());
}

TEST_CASE("logout: removes the credential and says where to revoke it") {
  Program program;
  program.make_profile();
  program.sign_in();
  const json::Value gone = program.run_json({"logout"});
  CHECK(*gone.find("was_signed_in")->as_bool());
  CHECK(text_at(gone, "/revoke_url") == "https://acme.example/tools/me/tokens");
  CHECK(program.run({"status", "--offline"}) == 4);
  CHECK_FALSE(*program.run_json({"logout"}).find("was_signed_in")->as_bool());
}

TEST_CASE("logout: says what stays valid, until when, and who ends it where") {
  Program program;
  program.make_profile();
  program.sign_in();
  CHECK(program.run({"logout"}) == 0);
  CHECK(holds(program.err, "accepts its token until 2026-02-10T09:30:00Z"));
  CHECK(holds(program.err, "removes the link"));
  CHECK(holds(program.err,
              "alice, who signed in, revokes it at https://acme.example/tools/me/tokens"));
  program.sign_in();
  CHECK(text_at(program.run_json({"logout"}), "/valid_until") == "2026-02-10T09:30:00Z");
  program.sign_in();
  program.world.clock.set(1769851800 + 864000);
  CHECK(program.run({"logout"}) == 0);
  CHECK(holds(program.err, "nothing is left to revoke"));
}

TEST_CASE("logout: works where product and credential cannot be read any more") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.files.put("/home/me/.local/state/atlink/credentials/work.json", "{ damaged");
  program.files.put("/prefix/share/atlink/plugins/acme/product.json", "{", 0644);
  const json::Value gone = program.run_json({"logout"});
  CHECK(*gone.find("was_signed_in")->as_bool());
  CHECK(gone.find("revoke_url")->is_null());
  CHECK_FALSE(
      program.files.content("/home/me/.local/state/atlink/credentials/work.json").has_value());
}

TEST_CASE("logout: ends a sign-in that was only begun") {
  Program program;
  program.make_profile();
  program.world.transport.expect("POST", "https://acme.example/tools/oauth/request")
      .answers(200, {}, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true");
  REQUIRE(program.run({"login", "--begin"}) == 0);
  CHECK(program.run({"logout"}) == 0);
  CHECK(program.run({"login", "--verifier", "v"}) == 4);
  CHECK(holds(program.err, "no sign-in to finish"));
}

TEST_CASE("logout: a credential from the environment cannot be removed here") {
  Program program;
  program.make_profile();
  program.world.environment.variables["ATLINK_OAUTH_TOKEN"] = "t";
  program.world.environment.variables["ATLINK_OAUTH_TOKEN_SECRET"] = "s";
  CHECK(text_at(program.run_json({"logout"}, 3), "/code") == "credential.read_only");
}

TEST_SUITE_END();
