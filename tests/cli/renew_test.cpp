// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* access_token = "https://acme.example/tools/oauth/access";
constexpr const char* me = "https://acme.example/tools/rest/me";
constexpr const char* kept_at = "/home/me/.local/state/atlink/credentials/work.json";
constexpr const char* renewed =
    "oauth_token=new&oauth_token_secret=ns&oauth_expires_in=86400&oauth_session_handle=h2&"
    "oauth_authorization_expires_in=172800";

// A profile with a credential that came as `answer` says.
void sign_in(Program& program, const char* answer) {
  program.make_profile();
  auto& site = program.world.transport;
  site.expect("POST", "https://acme.example/tools/oauth/request")
      .answers(200, {}, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true");
  site.expect("POST", access_token).answers(200, {}, answer);
  site.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  REQUIRE(program.run({"login", "--begin"}) == 0);
  REQUIRE(program.run({"login", "--verifier", "v"}) == 0);
}

// The same with the session "h1".
void sign_in_with_session(Program& program) {
  sign_in(program, "oauth_token=at&oauth_token_secret=s&oauth_session_handle=h1");
}

std::string kept(Program& program) {
  return program.files.content(kept_at).value_or("");
}

}  // namespace

TEST_CASE("renew: the new credential is kept before it is used") {
  Program program;
  sign_in_with_session(program);
  auto& site = program.world.transport;
  site.expect("POST", access_token).answers(200, {}, renewed);
  site.expect("GET", me).answers(200, {}, R"({"name":"alice"})");
  const json::Value said = program.run_json({"renew"});
  CHECK(*said.find("renewed")->as_bool());
  CHECK(text_at(said, "/user") == "alice");
  CHECK(text_at(said, "/expires_at") == "2026-02-01T09:30:00Z");
  CHECK(text_at(said, "/session_ends_at") == "2026-02-02T09:30:00Z");
  CHECK(site.sent[3].oauth("oauth_token") == "at");
  CHECK(site.sent[3].oauth("oauth_session_handle") == "h1");
  CHECK(site.sent[4].oauth("oauth_token") == "new");
  CHECK(holds(kept(program), "\"h2\""));
  site.expect("POST", access_token).answers(200, {}, renewed);
  site.expect("GET", me).fails(ErrorCode::network_refused);
  site.expect("GET", me).fails(ErrorCode::network_refused);
  site.expect("GET", me).fails(ErrorCode::network_refused);
  CHECK(program.run({"renew"}) == 0);
  CHECK(holds(program.err, "warning: the server did not say who is signed in"));
  CHECK(site.sent[5].oauth("oauth_session_handle") == "h2");
}

TEST_CASE("renew: what the server refuses leaves the old credential, byte for byte") {
  Program program;
  sign_in_with_session(program);
  const std::string before = kept(program);
  const auto refused = [&](const char* problem) {
    program.world.transport.expect("POST", access_token)
        .answers(401, {}, std::string("oauth_problem=") + problem);
    json::Value error = program.run_json({"renew"}, 4);
    CHECK(kept(program) == before);
    return error;
  };
  for (const char* problem : {"permission_denied", "token_rejected", "token_expired"}) {
    CAPTURE(problem);
    const json::Value error = refused(problem);
    CHECK(text_at(error, "/code") == "credential.not_renewable");
    CHECK(text_at(error, "/context/oauth_problem") == problem);
    CHECK(holds(text_at(error, "/next"), "atlink login --profile work"));
  }
  program.world.transport.expect("POST", access_token)
      .answers(400, {}, "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_verifier");
  CHECK(holds(text_at(program.run_json({"renew"}, 4), "/message"), "the server does not renew"));
  program.world.transport.expect("POST", access_token)
      .answers(401, {}, "oauth_problem=signature_invalid");
  CHECK(program.run({"renew"}) == 3);
  CHECK(kept(program) == before);
}

TEST_CASE("renew: an answer that does not come is told as what it may be") {
  Program program;
  sign_in_with_session(program);
  const std::string before = kept(program);
  program.world.transport.expect("POST", access_token).fails(ErrorCode::network_answer_lost);
  const json::Value error = program.run_json({"renew"}, 9);
  CHECK(holds(text_at(error, "/next"), "may have renewed it"));
  CHECK(kept(program) == before);
}

TEST_CASE("renew: nothing is asked for that could not be kept, or is not there") {
  Program program;
  program.make_profile();
  CHECK(text_at(program.run_json({"renew"}, 4), "/code") == "credential.missing");
  // The description does not renew, and the server gave no session.
  sign_in(program, "oauth_token=at&oauth_token_secret=s");
  CHECK(text_at(program.run_json({"renew"}, 3), "/code") == "product.unsupported");
  program.world.environment.variables["ATLINK_OAUTH_TOKEN"] = "t";
  program.world.environment.variables["ATLINK_OAUTH_TOKEN_SECRET"] = "s";
  CHECK(text_at(program.run_json({"renew"}, 3), "/code") == "credential.read_only");
}

TEST_CASE("renew: a session that is known to be over is not tried") {
  Program program;
  sign_in_with_session(program);
  program.world.clock.set(1769851800 + 1728000 + 1);
  const json::Value error = program.run_json({"renew"}, 4);
  CHECK(text_at(error, "/code") == "credential.not_renewable");
  CHECK(holds(text_at(error, "/message"), "session ended at 2026-02-20T09:30:00Z"));
}

TEST_CASE("renew: a new credential that cannot be kept is no secret") {
  Program program;
  sign_in_with_session(program);
  auto& site = program.world.transport;
  // Nothing can be put at the place of the file any more once the server has answered.
  site.expect("POST", access_token).answers_from(200, {}, [&program](BodySink& sink) {
    program.files.fail_from(1, ErrorCode::file_unwritable);
    return sink.write(renewed);
  });
  const json::Value error = program.run_json({"renew"}, 3);
  CHECK(holds(text_at(error, "/message"), "the new one cannot be kept"));
  CHECK(holds(text_at(error, "/next"), "atlink login --profile work"));
}

TEST_CASE("renew: who signs in or out while the server is asked has the last word") {
  Program program;
  sign_in_with_session(program);
  std::string other = kept(program);
  auto& site = program.world.transport;
  const auto meanwhile = [&](const std::function<void()>& change) {
    site.expect("POST", access_token).answers_from(200, {}, [change](BodySink& sink) {
      change();
      return sink.write(renewed);
    });
  };
  SUBCASE("out") {
    meanwhile([&] { program.files.remove(kept_at); });
    CHECK(text_at(program.run_json({"renew"}, 4), "/code") == "credential.missing");
    CHECK(kept(program).empty());
  }
  SUBCASE("in") {
    const std::size_t version = other.find("\"version\": 1");
    REQUIRE(version != std::string::npos);
    other.replace(version, 12, "\"version\": 2");
    meanwhile([&] { program.files.put(kept_at, other, 0600); });
    CHECK(program.run({"renew"}) == 0);
    CHECK(holds(program.err, "somebody has signed in with profile work meanwhile"));
    CHECK(kept(program) == other);
  }
}

TEST_CASE("renew: a two-legged profile has nothing to renew") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--two-legged"}) == 0);
  CHECK(program.run({"renew"}) == 0);
  CHECK(holds(program.err, "nothing to renew"));
  CHECK_FALSE(*program.run_json({"renew"}).find("renewed")->as_bool());
}

TEST_SUITE_END();
