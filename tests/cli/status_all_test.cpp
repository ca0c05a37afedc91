// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

// A second profile, "else", at another site; signed in if `answer` says how.
void make_second(Program& program, const char* answer) {
  const std::string base = "https://else.example";
  REQUIRE(program.run({"profile",
                       "set",
                       "else",
                       "--product",
                       "acme",
                       "--url",
                       base,
                       "--context-path",
                       "/",
                       "--consumer-key",
                       "build",
                       "--private-key",
                       "/keys/private.pem"}) == 0);
  if (answer == nullptr) {
    return;
  }
  auto& site = program.world.transport;
  site.expect("POST", base + "/oauth/request")
      .answers(200, {}, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true");
  site.expect("POST", base + "/oauth/access").answers(200, {}, answer);
  site.expect("GET", base + "/rest/me").answers(200, {}, R"({"name":"bob"})");
  REQUIRE(program.run({"login", "--begin", "--profile", "else"}) == 0);
  REQUIRE(program.run({"login", "--verifier", "v", "--profile", "else"}) == 0);
}

const json::Value& entry(const json::Value& document, std::size_t place) {
  const json::Array* list = document.find("profiles")->as_array();
  REQUIRE(list != nullptr);
  REQUIRE(list->size() > place);
  return (*list)[place];
}

}  // namespace

TEST_CASE("status --all: every profile, each asked at its own site") {
  Program program;
  program.make_profile();
  program.sign_in();
  make_second(program, "oauth_token=et&oauth_token_secret=es&oauth_expires_in=3600");
  auto& site = program.world.transport;
  site.expect("GET", "https://else.example/rest/me").answers(200, {}, R"({"name":"bob"})");
  site.expect("GET", "https://acme.example/tools/rest/me").answers(200, {}, R"({"name":"alice"})");
  const json::Value all = program.run_json({"status", "--all"});
  CHECK(text_at(entry(all, 0), "/profile") == "else");
  CHECK(text_at(entry(all, 0), "/user") == "bob");
  CHECK(text_at(entry(all, 0), "/expires_at") == "2026-01-31T10:30:00Z");
  CHECK(text_at(entry(all, 1), "/profile") == "work");
  CHECK(text_at(entry(all, 1), "/user") == "alice");
  CHECK(entry(all, 1).find("problem")->is_null());
  CHECK(site.sent[site.sent.size() - 2].oauth("oauth_token") == "et");
  CHECK(site.sent.back().oauth("oauth_token") == "at");
  CHECK(program.run({"status", "--all", "--offline"}) == 0);
  CHECK(holds(program.out, "PROFILE"));
  CHECK(holds(program.out, "SESSION ENDS"));
  CHECK(holds(program.out, "2026-02-10T09:30:00Z"));
}

TEST_CASE("status --all: one bad profile does not hide the others") {
  Program program;
  program.make_profile();
  program.sign_in();
  make_second(program, nullptr);
  program.files.put("/home/me/.config/atlink/profiles/bad.json", "{ damaged");
  auto& site = program.world.transport;
  SUBCASE("the last one works") {
    site.expect("GET", "https://acme.example/tools/rest/me").answers(200, {}, R"({"name":"a"})");
    program.run({"--output", "json", "status", "--all"});
    const json::Value all = *json::parse(program.out);
    CHECK(text_at(entry(all, 0), "/profile") == "bad");
    CHECK(text_at(entry(all, 0), "/problem/code") == "file.damaged");
    CHECK(entry(all, 0).find("product")->is_null());
    CHECK(text_at(entry(all, 1), "/problem/code") == "credential.missing");
    CHECK(text_at(entry(all, 1), "/base_url") == "https://else.example");
    CHECK(*entry(all, 2).find("valid")->as_bool());
    CHECK(holds(program.err, "2 of 3 profiles have a problem"));
  }
  SUBCASE("a site that is down is asked once") {
    site.expect("GET", "https://acme.example/tools/rest/me").fails(ErrorCode::network_refused);
    CHECK(program.run({"status", "--all"}) == 3);
    CHECK(holds(program.out, "nobody has signed in with profile else"));
  }
}

TEST_CASE("status --all: what the environment says of one profile goes to none") {
  Program program;
  program.make_profile();
  program.sign_in();
  make_second(program, "oauth_token=et&oauth_token_secret=es");
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"ATLINK_URL", "https://third.example"},
           {"ATLINK_OAUTH_TOKEN", "t"},
           {"ATLINK_OAUTH_TOKEN_SECRET", "s"},
           {"ATLINK_PROFILE", "work"}}) {
    program.world.environment.variables[name] = value;
  }
  auto& site = program.world.transport;
  site.expect("GET", "https://else.example/rest/me").answers(200, {}, R"({"name":"bob"})");
  site.expect("GET", "https://acme.example/tools/rest/me").answers(200, {}, R"({"name":"alice"})");
  const json::Value all = program.run_json({"status", "--all"});
  CHECK(text_at(entry(all, 0), "/store") == "file");
  CHECK(site.sent.back().oauth("oauth_token") == "at");
  CHECK(program.run({"status", "--all", "--profile", "work"}) == 2);
}

TEST_CASE("status --all: what was renewed on the way is shown as it is now") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.world.clock.pass(std::chrono::hours(24 * 11));
  auto& site = program.world.transport;
  site.expect("POST", "https://acme.example/tools/oauth/access")
      .answers(200,
               {},
               "oauth_token=at2&oauth_token_secret=as2&oauth_expires_in=864000&"
               "oauth_session_handle=sh2&oauth_authorization_expires_in=1728000");
  site.expect("GET", "https://acme.example/tools/rest/me").answers(200, {}, R"({"name":"alice"})");
  const int ended =
      program.run({"--output", "json", "status", "--all", "--fail-if-expires-within", "5d"});
  CHECK_MESSAGE(ended == 0, program.err);
  const json::Value all = *json::parse(program.out);
  CHECK(text_at(entry(all, 0), "/expires_at") == "2026-02-21T09:30:00Z");
  CHECK_FALSE(*entry(all, 0).find("expires_soon")->as_bool());
}

TEST_CASE("status --all: a profile that cannot be read has no method") {
  Program program;
  program.files.put("/home/me/.config/atlink/profiles/bad.json", "{ damaged");
  CHECK(program.run({"status", "--all"}) == 3);
  CHECK_FALSE(holds(program.out, "OAuth"));
}

TEST_CASE("status --all: no profile at all is nothing wrong") {
  Program program;
  CHECK(program.run_json({"status", "--all"}).find("profiles")->as_array()->empty());
  CHECK(program.run({"status", "--all"}) == 0);
  CHECK(holds(program.err, "there is no profile yet"));
}

TEST_CASE("status: an end that comes near has an exit code of its own") {
  Program program;
  program.make_profile();
  program.sign_in();  // until 2026-02-10T09:30:00Z, ten days from now
  const auto within = [&program](const char* time) {
    return program.run({"status", "--offline", "--fail-if-expires-within", time});
  };
  CHECK(within("9d") == 0);
  CHECK(within("239h") == 0);
  CHECK(within("14399m") == 0);
  CHECK(within("10d") == 12);
  CHECK(within("240h") == 12);
  CHECK(within("14400m") == 12);
  CHECK(holds(program.err, "expires at 2026-02-10T09:30:00Z"));
  CHECK(holds(program.err, "atlink renew --profile work"));
  CHECK(holds(program.out, "expires"));
  program.run({"--output", "json", "status", "--offline", "--fail-if-expires-within", "30d"});
  CHECK(*json::parse(program.out)->find("expires_soon")->as_bool());
  CHECK(text_at(*json::parse(program.err), "/code") == "credential.expires_soon");
  program.world.clock.set(1769851800 + 864000);
  CHECK(within("0d") == 4);
  CHECK(holds(program.err, "expired at"));
  CHECK(holds(program.err, "next: atlink renew --profile work\n"));
  // When the session is over as well, renewing gets nowhere.
  program.world.clock.pass(std::chrono::hours(24 * 365));
  CHECK(within("0d") == 4);
  CHECK(holds(program.err, "next: atlink login --profile work\n"));
}

TEST_CASE("status: an end that is not known is said so, and is no failure") {
  Program program;
  // A product whose tokens have no usual life, either.
  program.put_plugin("lasting",
                     R"({"schema": 1, "id": "lasting", "version": "1.0", "name": "Lasting",
    "summary": "Tokens without an end", "extends": "acme",
    "sign_in": {"oauth1": {"lifetimes": {"access_token": 0, "session": 0}}}})");
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--product", "lasting"}) == 0);
  auto& site = program.world.transport;
  site.expect("POST", "https://acme.example/tools/oauth/request")
      .answers(200, {}, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true");
  site.expect("POST", "https://acme.example/tools/oauth/access")
      .answers(200, {}, "oauth_token=at&oauth_token_secret=s");
  site.expect("GET", "https://acme.example/tools/rest/me").answers(200, {}, R"({"name":"alice"})");
  REQUIRE(program.run({"login", "--begin"}) == 0);
  REQUIRE(program.run({"login", "--verifier", "v"}) == 0);
  CHECK(program.run({"status", "--offline", "--fail-if-expires-within", "30d"}) == 0);
  CHECK(holds(program.err, "warning: when the credential of profile work expires is not known"));
}

TEST_CASE("status: an end to come does not hide that the server refuses") {
  Program program;
  program.make_profile();
  program.sign_in();
  program.world.transport.expect("GET", "https://acme.example/tools/rest/me")
      .answers(401, {}, "oauth_problem=token_rejected");
  CHECK(program.run({"status", "--fail-if-expires-within", "30d"}) == 4);
}

TEST_CASE("status --all: of several problems an end to come is the least") {
  Program program;
  program.make_profile();
  program.sign_in();
  make_second(program, "oauth_token=et&oauth_token_secret=es&oauth_expires_in=3600");
  CHECK(program.run({"status", "--all", "--offline", "--fail-if-expires-within", "2h"}) == 12);
  CHECK(holds(program.err, "profile else"));
  program.files.put("/home/me/.local/state/atlink/credentials/work.json", "{ damaged");
  CHECK(program.run({"status", "--all", "--offline", "--fail-if-expires-within", "2h"}) == 3);
}

TEST_CASE("status: a time is a number with its unit") {
  Program program;
  program.make_profile();
  for (const char* wrong : {"",
                            "30",
                            "d",
                            "-1d",
                            "30days",
                            "3 d",
                            "1w",
                            "99999999999999999999d",
                            "9223372036854775807d",
                            "40000d"}) {
    CAPTURE(wrong);
    CHECK(program.run({"status", "--fail-if-expires-within", wrong}) == 2);
  }
}

TEST_SUITE_END();
