// SPDX-License-Identifier: Apache-2.0
// One way to authorise for each kind of credential.
#include "atlink/client.h"
#include "atlink/text.h"
#include "tests/support/acme.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/auth");

using namespace atlink;
using tests::acme_connection;

namespace {

Credential credential_for(SignInMethod method, std::string_view access) {
  Credential credential;
  credential.issued_for.method = method;
  credential.access = Secret(access);
  return credential;
}

Credential password_of(std::string user, std::string_view password) {
  Credential credential = credential_for(SignInMethod::basic, password);
  credential.issued_for.consumer_key = std::move(user);
  return credential;
}

struct Site {
  tests::FakeWorld world;
  tests::Keeper keeper;

  Result<Classified> get(Credential credential, Connection connection = acme_connection()) {
    Client client(world.platform(), std::move(connection), fixed_credential(std::move(credential)));
    ApiRequest request;
    request.method = "GET";
    request.path = "/x";
    return client.send(request, keeper);
  }

  std::string header_for(Credential credential, Connection connection = acme_connection()) {
    world.transport.expect("GET", "https://site.example/acme/x").answers(200);
    REQUIRE(get(std::move(credential), std::move(connection)).has_value());
    return world.transport.sent.back().header("Authorization");
  }
};

}  // namespace

TEST_CASE_FIXTURE(Site, "credentials: a token goes into the header, in the product's scheme") {
  CHECK(header_for(credential_for(SignInMethod::token, "t0ken")) == "Bearer t0ken");
  CHECK(header_for(credential_for(SignInMethod::oauth2, "a")) == "Bearer a");
  CHECK(header_for(credential_for(SignInMethod::client_credentials, "c")) == "Bearer c");
  Connection connection = acme_connection();
  connection.product.token = TokenRules();
  connection.product.token->scheme = "Token";
  CHECK(header_for(credential_for(SignInMethod::token, "t"), std::move(connection)) == "Token t");
}

TEST_CASE_FIXTURE(Site, "credentials: a password goes into the header with its name") {
  CHECK(header_for(password_of("alice", "p:w")) == "Basic " + to_base64("alice:p:w"));
  Credential token = password_of("a@b.example", "t");
  token.issued_for.method = SignInMethod::api_token;
  CHECK(header_for(std::move(token)) == "Basic " + to_base64("a@b.example:t"));
}

TEST_CASE_FIXTURE(Site, "credentials: a token of OAuth 1.0a signs") {
  Credential credential;
  credential.token = "token";
  credential.token_secret = Secret("token-secret");
  world.transport.expect("GET", "https://site.example/acme/x").answers(200);
  REQUIRE(get(std::move(credential)).has_value());
  CHECK(tests::is_signed(world.transport.sent.back()));
}

TEST_CASE_FIXTURE(Site, "credentials: over plain http beyond loopback nothing is sent") {
  for (const SignInMethod method : {SignInMethod::token, SignInMethod::oauth2}) {
    const auto refused = get(credential_for(method, "t"), acme_connection("http://site.example"));
    CHECK(refused.error().code == ErrorCode::credential_insecure);
  }
  const auto refused = get(password_of("alice", "p"), acme_connection("http://site.example"));
  CHECK(refused.error().code == ErrorCode::credential_insecure);
  world.transport.expect("GET", "http://127.0.0.1:8080/acme/x").answers(200);
  CHECK(get(password_of("alice", "p"), acme_connection("http://127.0.0.1:8080")).has_value());
}

TEST_CASE_FIXTURE(Site, "credentials: what no header can carry is not sent") {
  for (const char* token : {"", "two words", "line\nbreak", "\xc3\xa9"}) {
    const auto refused = get(credential_for(SignInMethod::token, token));
    CHECK(refused.error().code == ErrorCode::header_invalid);
  }
  CHECK(get(password_of("", "p")).error().code == ErrorCode::consumer_missing);
  CHECK(get(password_of("a:b", "p")).error().code == ErrorCode::consumer_missing);
}

TEST_CASE_FIXTURE(Site, "credentials: a refused password is sent once") {
  world.transport.expect("GET", "https://site.example/acme/x").answers(401);
  const auto answer = get(password_of("alice", "p"));
  REQUIRE(answer.has_value());
  CHECK(answer->error->code == ErrorCode::answer_unauthorized);
}

TEST_CASE_FIXTURE(Site, "credentials: another origin gets none") {
  world.transport.expect("GET", "https://site.example/acme/x")
      .answers(302, {{"Location", "https://elsewhere.example/y"}});
  world.transport.expect("GET", "https://elsewhere.example/y").answers(200);
  REQUIRE(get(credential_for(SignInMethod::token, "t")).has_value());
  CHECK(world.transport.sent.back().header("Authorization").empty());
}

TEST_CASE_FIXTURE(Site, "credentials: behind a gateway paths are below it") {
  Connection connection = acme_connection();
  connection.gateway = BaseUrl::parse("https://gateway.example/ex/7").value();
  world.transport.expect("GET", "https://gateway.example/ex/7/x").answers(200);
  REQUIRE(get(credential_for(SignInMethod::oauth2, "t"), std::move(connection)).has_value());

  Connection again = acme_connection();
  again.gateway = BaseUrl::parse("https://gateway.example/ex/7").value();
  const Client client(world.platform(),
                      std::move(again),
                      fixed_credential(credential_for(SignInMethod::oauth2, "t")));
  ApiRequest request;
  request.method = "GET";
  request.path = "https://site.example/acme/y?z=1";
  CHECK(client.url_of(request)->str() == "https://gateway.example/ex/7/y?z=1");
  request.path = "https://elsewhere.example/y";
  CHECK(client.url_of(request).error().code == ErrorCode::url_other_origin);
}

TEST_CASE_FIXTURE(Site, "credentials: two-legged requests act for a user in what is signed") {
  Connection connection = acme_connection();
  connection.act_as = "bob & co";
  connection.product.oauth1->impersonation = ImpersonationRule{"acts_for"};
  world.transport.expect("GET", "https://site.example/acme/x?acts_for=bob%20%26%20co").answers(200);
  REQUIRE(get(Credential(), std::move(connection)).has_value());
  CHECK(tests::is_signed(world.transport.sent.back(), ""));

  Connection with_user = acme_connection();
  with_user.act_as = "bob";
  with_user.product.oauth1->impersonation = ImpersonationRule{"acts_for"};
  Credential alice;
  alice.token = "token";
  const auto refused = get(std::move(alice), std::move(with_user));
  CHECK(refused.error().code == ErrorCode::method_unavailable);
  CHECK(refused.error().next.find("--two-legged") != std::string::npos);

  Connection for_nobody = acme_connection();
  for_nobody.act_as = "bob";
  for_nobody.product.oauth1->impersonation.reset();
  const auto unknown = get(Credential(), std::move(for_nobody));
  CHECK(unknown.error().code == ErrorCode::method_unavailable);
  CHECK(unknown.error().next.find("--two-legged") == std::string::npos);
}

TEST_SUITE_END();
