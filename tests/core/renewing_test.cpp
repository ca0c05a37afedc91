// SPDX-License-Identifier: Apache-2.0
// Renewals that survive: races, lost answers, killed processes, disks that refuse.
#include "atlink/oauth2.h"
#include "tests/support/acme.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/oauth2");

using namespace atlink;
using std::chrono::seconds;

namespace {

constexpr const char* token_url = "https://site.example/acme/token";

struct Renewal {
  tests::FakeWorld world;
  tests::FakeFileSystem files;
  std::unique_ptr<CredentialStore> store = make_file_store(files, "/state");
  Connection connection = tests::acme_connection();

  Renewal() {
    OAuth2Rules rules;
    rules.token = ServiceEndpoint{{"/token"}, ""};
    rules.refresh = OAuth2Rules::Refresh::rotates;
    connection.product.oauth2 = rules;
    connection.registration = {"app", Secret("s"), "", {}};
    keep("a1", "r1");
  }

  /// Stores a credential that is good for an hour from now.
  void keep(std::string_view access, std::string_view refresh) {
    Credential credential;
    credential.issued_for.method = SignInMethod::oauth2;
    credential.access = Secret(access);
    credential.refresh_token = Secret(refresh);
    credential.user = "alice";
    credential.issued_at = world.clock.now();
    credential.expires_at = world.clock.now() + seconds(3600);
    REQUIRE(store->save("work", credential).has_value());
  }

  [[nodiscard]] Credential stored() { return store->load("work").value().value(); }

  std::shared_ptr<CredentialSource> source() {
    return oauth2::renewing_credential(world.platform(files), connection, *store, "work", stored());
  }

  void gives(std::string_view access, std::string_view refresh) {
    world.transport.expect("POST", token_url)
        .answers(200,
                 {},
                 std::string(R"({"expires_in":3600,"access_token":")") + std::string(access) +
                     R"(","refresh_token":")" + std::string(refresh) + "\"}");
  }

  void refuses(const std::string& word = "invalid_grant") {
    world.transport.expect("POST", token_url).answers(400, {}, R"({"error":")" + word + "\"}");
  }

  [[nodiscard]] bool noted() { return store->load_renewal("work").value().has_value(); }

  [[nodiscard]] std::size_t calls() const { return world.transport.sent.size(); }
};

std::string access_of(const Result<std::shared_ptr<const Credential>>& credential) {
  return credential ? std::string((*credential)->access.expose())
                    : std::string(name_of(credential.error().code));
}

}  // namespace

TEST_CASE_FIXTURE(Renewal, "renewal: a credential that is good is left alone") {
  CHECK(access_of(source()->current()) == "a1");
  world.clock.pass(seconds(3400));
  CHECK(access_of(source()->current()) == "a1");
  CHECK(calls() == 0);
}

TEST_CASE_FIXTURE(Renewal, "renewal: shortly before the end, stored before it is used") {
  world.clock.pass(seconds(3590));
  gives("a2", "r2");
  const auto renewing = source();
  CHECK(access_of(renewing->current()) == "a2");
  CHECK(stored().access.equals("a2"));
  CHECK(stored().refresh_token.equals("r2"));
  CHECK(stored().user == "alice");
  CHECK(stored().version == 2);
  CHECK_FALSE(noted());
  CHECK(access_of(renewing->current()) == "a2");
}

TEST_CASE_FIXTURE(Renewal, "renewal: what somebody else has renewed is taken from the store") {
  world.clock.pass(seconds(3700));
  const auto first = source();
  const auto second = source();
  gives("a2", "r2");
  CHECK(access_of(first->current()) == "a2");
  CHECK(access_of(second->current()) == "a2");
  CHECK(calls() == 1);
}

TEST_CASE_FIXTURE(Renewal, "renewal: a failed early one leaves the good credential in use") {
  world.clock.pass(seconds(3590));
  const auto renewing = source();
  world.transport.expect("POST", token_url).answers(500);
  CHECK(access_of(renewing->current()) == "a1");
  CHECK(access_of(renewing->current()) == "a1");
  CHECK(calls() == 1);
  world.clock.pass(seconds(20));
  gives("a2", "r2");
  CHECK(access_of(renewing->current()) == "a2");
}

TEST_CASE_FIXTURE(Renewal, "renewal: once it is over, the server's word is what is told") {
  world.clock.pass(seconds(3700));
  refuses("invalid_client");
  CHECK(access_of(source()->current()) == "oauth2.invalid_client");
  CHECK_FALSE(noted());
  refuses();
  CHECK(access_of(source()->current()) == "oauth2.invalid_grant");
  CHECK(stored().refresh_token.equals("r1"));
  CHECK_FALSE(noted());
}

TEST_CASE_FIXTURE(Renewal, "renewal: a refusal is not believed before the store is read again") {
  world.clock.pass(seconds(3700));
  const auto renewing = source();
  world.transport.expect("POST", token_url).answers_from(400, {}, [&](BodySink& sink) {
    // Another machine, which shares the store but not the lock, was faster.
    keep("a9", "r9");
    return sink.write(R"({"error":"invalid_grant"})");
  });
  CHECK(access_of(renewing->current()) == "a9");
}

TEST_CASE_FIXTURE(Renewal,
                  "renewal: a lost answer is tried once more when the credential is over") {
  world.clock.pass(seconds(3590));
  world.transport.expect("POST", token_url).fails(ErrorCode::network_answer_lost);
  CHECK(access_of(source()->current()) == "a1");
  CHECK(noted());
  // Still good: sent twice, the refresh token could end what works.
  CHECK(access_of(source()->current()) == "a1");
  CHECK(calls() == 1);
  world.clock.pass(seconds(20));
  gives("a2", "r2");
  CHECK(access_of(source()->current()) == "a2");
  CHECK_FALSE(noted());
}

TEST_CASE_FIXTURE(Renewal, "renewal: an early one waits for nobody") {
  world.clock.pass(seconds(3590));
  world.transport.expect("POST", token_url)
      .answers(429, {{"Retry-After", "5"}}, R"({"error":"too_many_requests"})");
  CHECK(access_of(source()->current()) == "a1");
  CHECK(calls() == 1);
  CHECK_FALSE(noted());
  world.clock.pass(seconds(20));
  for (int i = 0; i < 3; ++i) {
    world.transport.expect("POST", token_url)
        .answers(429, {{"Retry-After", "1"}}, R"({"error":"too_many_requests"})");
  }
  CHECK(access_of(source()->current()) == "answer.rate_limited");
  CHECK_FALSE(noted());
}

TEST_CASE_FIXTURE(Renewal,
                  "renewal: one that is over is asked for twice where the answer is lost") {
  world.clock.pass(seconds(3700));
  world.transport.expect("POST", token_url).fails(ErrorCode::network_answer_lost);
  gives("a2", "r2");
  CHECK(access_of(source()->current()) == "a2");
  CHECK_FALSE(noted());
}

TEST_CASE_FIXTURE(Renewal, "renewal: something in between may hide that it was done") {
  world.clock.pass(seconds(3590));
  world.transport.expect("POST", token_url).answers(504);
  CHECK(access_of(source()->current()) == "a1");
  CHECK(noted());
  world.clock.pass(seconds(20));
  refuses();
  CHECK(access_of(source()->current()) == "credential.uncertain");
}

TEST_CASE_FIXTURE(Renewal, "renewal: what cannot be known any more is reported as that") {
  world.clock.pass(seconds(3700));
  world.transport.expect("POST", token_url).fails(ErrorCode::network_answer_lost);
  world.transport.expect("POST", token_url).fails(ErrorCode::network_answer_lost);
  const auto lost = source()->current();
  CHECK(access_of(lost) == "network.answer_lost");
  CHECK(lost.error().next.find("run the command again") == 0);
  CHECK(noted());
  refuses();
  const auto outcome = source()->current();
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::credential_uncertain);
  CHECK(outcome.error().message.find("2026-01-31T10:31:40Z") != std::string::npos);
  CHECK(outcome.error().next.find("login") != std::string::npos);
}

TEST_CASE_FIXTURE(Renewal, "renewal: a note whose outcome was stored means nothing") {
  REQUIRE(store->save_renewal("work", {1, world.clock.now()}).has_value());
  keep("a2", "r2");
  world.clock.pass(seconds(3700));
  refuses();
  CHECK(access_of(source()->current()) == "oauth2.invalid_grant");
}

TEST_CASE_FIXTURE(Renewal, "renewal: after a sign-out nothing is sent") {
  world.clock.pass(seconds(3700));
  const auto renewing = source();
  REQUIRE(store->erase("work").has_value());
  CHECK(access_of(renewing->current()) == "credential.missing");
  CHECK(calls() == 0);
}

TEST_CASE_FIXTURE(Renewal, "renewal: a sign-in elsewhere meanwhile is not taken") {
  world.clock.pass(seconds(3700));
  const auto renewing = source();
  Credential other = stored();
  other.issued_for.authorization_server = "https://elsewhere.example/token";
  REQUIRE(store->save("work", other).has_value());
  CHECK(access_of(renewing->current()) == "credential.elsewhere");
  CHECK(calls() == 0);
}

TEST_CASE_FIXTURE(Renewal, "renewal: what a server refuses is renewed once") {
  world.transport.expect("GET", "https://site.example/acme/x").answers(401);
  gives("a2", "r2");
  world.transport.expect("GET", "https://site.example/acme/x").answers(401);
  Client client(world.platform(files), tests::acme_connection(), source());
  ApiRequest request;
  request.method = "GET";
  request.path = "/x";
  tests::Keeper keeper;
  const auto answer = client.send(request, keeper);
  REQUIRE(answer.has_value());
  CHECK(answer->error->code == ErrorCode::answer_unauthorized);
  CHECK(world.transport.sent.front().header("Authorization") == "Bearer a1");
  CHECK(world.transport.sent.back().header("Authorization") == "Bearer a2");
}

TEST_CASE_FIXTURE(Renewal, "renewal: in the client's own name it is asked for afresh") {
  Credential credential = stored();
  credential.issued_for.method = SignInMethod::client_credentials;
  credential.refresh_token = Secret();
  REQUIRE(store->save("work", credential).has_value());
  world.clock.pass(seconds(3700));
  gives("a2", "");
  CHECK(access_of(source()->current()) == "a2");
  CHECK(stored().access.equals("a2"));
}

TEST_CASE_FIXTURE(Renewal, "renewal: a refresh token that stays good leaves no note") {
  connection.product.oauth2->refresh = OAuth2Rules::Refresh::keeps;
  world.clock.pass(seconds(3700));
  world.transport.expect("POST", token_url).answers(401);
  CHECK(access_of(source()->current()) == "answer.unauthorized");
  CHECK_FALSE(noted());
  gives("a2", "r1");
  CHECK(access_of(source()->current()) == "a2");
}

TEST_CASE_FIXTURE(Renewal, "renewal: where no note can be written nothing is sent") {
  world.clock.pass(seconds(3700));
  const auto renewing = source();
  files.fail_from(1, ErrorCode::file_unwritable);
  CHECK(access_of(renewing->current()) == "file.unwritable");
  CHECK(calls() == 0);
}

TEST_SUITE_END();
