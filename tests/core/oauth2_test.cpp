// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth2.h"

#include "atlink/json.h"
#include "tests/support/acme.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/oauth2");

using namespace atlink;

namespace {

std::optional<std::string> value_in(const FormFields& fields, std::string_view name) {
  const auto value = form_value(fields, name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

constexpr const char* token_url = "https://accounts.example/token";
constexpr const char* redirect = "http://127.0.0.1:8123/callback";

OAuth2Rules rules() {
  OAuth2Rules made;
  made.authorize = ServiceEndpoint{{"/authorize"}, "accounts"};
  made.token = ServiceEndpoint{{"/token"}, "accounts"};
  made.sites = ServiceEndpoint{{"/sites"}, "gateway"};
  made.gateway = ServiceEndpoint{{"/ex/{site_id}"}, "gateway"};
  made.default_scopes = {"read", "write"};
  made.offline_scope = "offline";
  made.parameters = {{"audience", "everybody"}};
  made.error_words = {{"unauthorized_client", "invalid_grant"}};
  made.refresh = OAuth2Rules::Refresh::rotates;
  made.access_token_lifetime = std::chrono::seconds(3600);
  return made;
}

struct Flow {
  tests::FakeWorld world;
  Connection connection = tests::acme_connection();

  Flow() {
    connection.product.oauth2 = rules();
    connection.product.settings = {
        {"accounts", "", Setting::Kind::origin, "https://accounts.example"},
        {"gateway", "", Setting::Kind::origin, "https://gateway.example"}};
    connection.registration = {"app", Secret("client secret"), "", {}};
  }

  oauth2::CodeFlow flow() { return {world.platform(), connection, {}}; }

  FormFields query_of(const PendingLogin& pending) {
    const Url url = flow().authorize_url(pending).value();
    return parse_form(url.query().value());
  }

  FormFields sent_form() { return parse_form(world.transport.sent.back().body.value()); }

  void answers(int status, const std::string& body) {
    world.transport.expect("POST", token_url).answers(status, {}, body);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Flow, "code flow: the consent page is asked for with PKCE and a state") {
  const PendingLogin pending = flow().begin(redirect).value();
  const FormFields query = query_of(pending);
  CHECK(form_value(query, "response_type") == "code");
  CHECK(form_value(query, "client_id") == "app");
  CHECK(form_value(query, "redirect_uri") == redirect);
  CHECK(form_value(query, "scope") == "read write offline");
  CHECK(form_value(query, "audience") == "everybody");
  CHECK(form_value(query, "state") == pending.request_token);
  CHECK(form_value(query, "code_challenge_method") == "S256");
  CHECK(form_value(query, "code_challenge")->size() == 43);
  CHECK(pending.request_token_secret.size() == 43);
  CHECK_FALSE(form_value(query, "code_challenge") ==
              std::string(pending.request_token_secret.expose()));
  CHECK_FALSE(form_value(query, "client_secret"));
}

TEST_CASE_FIXTURE(Flow, "code flow: the challenge is that of RFC 7636 appendix B") {
  PendingLogin pending = flow().begin(redirect).value();
  pending.request_token_secret = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  CHECK(value_in(query_of(pending), "code_challenge") ==
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE_FIXTURE(Flow, "code flow: a code becomes a credential") {
  const PendingLogin pending = flow().begin(redirect).value();
  answers(200,
          R"({"access_token":"at","token_type":"Bearer","expires_in":60,"refresh_token":"rt",)"
          R"("scope":"read"})");
  const Credential credential = flow().finish(pending, "c0de").value();
  CHECK(credential.access.equals("at"));
  CHECK(credential.refresh_token.equals("rt"));
  CHECK(credential.scopes == std::vector<std::string>{"read"});
  CHECK(*credential.expires_at - *credential.issued_at == std::chrono::seconds(60));
  const FormFields form = sent_form();
  CHECK(form_value(form, "grant_type") == "authorization_code");
  CHECK(form_value(form, "code") == "c0de");
  CHECK(form_value(form, "redirect_uri") == redirect);
  CHECK(form_value(form, "client_id") == "app");
  CHECK(form_value(form, "client_secret") == "client secret");
  CHECK(form_value(form, "code_verifier") == std::string(pending.request_token_secret.expose()));
}

TEST_CASE_FIXTURE(Flow, "code flow: JSON where the description says so, the secret in a header") {
  connection.product.oauth2->token_encodings = {OAuth2Rules::Encoding::json};
  connection.product.oauth2->client_authentication = {OAuth2Rules::ClientAuthentication::basic};
  const PendingLogin pending = flow().begin(redirect).value();
  answers(200, R"({"access_token":"at"})");
  REQUIRE(flow().finish(pending, "c").has_value());
  const tests::SentRequest& sent = world.transport.sent.back();
  CHECK(sent.header("Content-Type") == "application/json");
  CHECK(sent.header("Authorization") == "Basic " + to_base64("app:client%20secret"));
  const json::Value body = json::parse(sent.body.value()).value();
  CHECK(*body.find("grant_type")->as_string() == "authorization_code");
  CHECK(body.find("client_secret") == nullptr);
}

TEST_CASE_FIXTURE(Flow, "code flow: only the answer to this sign-in counts") {
  const PendingLogin pending = flow().begin(redirect).value();
  const auto code = [&](FormFields fields) { return flow().code_in(fields, pending); };
  CHECK(code({{"state", pending.request_token}, {"code", "c"}}).value() == "c");
  CHECK(code({{"code", "c"}}).error().code == ErrorCode::login_wrong_answer);
  CHECK(code({{"state", "x"}, {"code", "c"}}).error().code == ErrorCode::login_wrong_answer);
  CHECK(code({{"state", "x"}, {"error", "access_denied"}}).error().code ==
        ErrorCode::login_wrong_answer);
  CHECK(code({{"state", pending.request_token}, {"error", "access_denied"}}).error().code ==
        ErrorCode::login_denied);
  CHECK(code({{"state", pending.request_token}}).error().code == ErrorCode::login_wrong_answer);
  CHECK(code({{"code", "c"}}).error().next.find("in quotes") != std::string::npos);
}

TEST_CASE_FIXTURE(Flow, "code flow: on the consent page a word means what the RFC says") {
  // At the token endpoints of some servers these are said of client and refresh token.
  connection.product.oauth2->error_words = {{"unauthorized_client", "invalid_grant"},
                                            {"access_denied", "invalid_client"}};
  const PendingLogin pending = flow().begin(redirect).value();
  const auto refused = [&](const char* word) {
    return flow().code_in({{"state", pending.request_token}, {"error", word}}, pending);
  };
  CHECK(refused("access_denied").error().code == ErrorCode::login_denied);
  CHECK(refused("unauthorized_client").error().code == ErrorCode::oauth2_unauthorized_client);
  answers(401, R"({"error":"access_denied"})");
  CHECK(flow().finish(pending, "c").error().code == ErrorCode::oauth2_invalid_client);
}

TEST_CASE_FIXTURE(Flow, "code flow: too late, or begun for another place, sends nothing") {
  const PendingLogin pending = flow().begin(redirect).value();
  IssuedFor elsewhere;
  elsewhere.authorization_server = "https://other.example/token";
  oauth2::CodeFlow other(world.platform(), connection, elsewhere);
  CHECK(other.finish(pending, "c").error().code == ErrorCode::credential_elsewhere);
  world.clock.pass(std::chrono::hours(1));
  CHECK(flow().finish(pending, "c").error().code == ErrorCode::login_expired);
}

TEST_CASE_FIXTURE(Flow,
                  "token endpoint: a description that repeats what was sent is told without it") {
  const PendingLogin pending = flow().begin(redirect).value();
  answers(400, R"({"error":"invalid_grant","error_description":"not client secret, some-code"})");
  const Error error = flow().finish(pending, "some-code").error();
  CHECK(error.message.find("not (hidden), (hidden)") != std::string::npos);
}

TEST_CASE_FIXTURE(Flow, "token endpoint: every error of RFC 6749 has its code") {
  const PendingLogin pending = flow().begin(redirect).value();
  const std::vector<std::pair<std::string, ErrorCode>> words{
      {"invalid_request", ErrorCode::oauth2_invalid_request},
      {"invalid_client", ErrorCode::oauth2_invalid_client},
      {"invalid_grant", ErrorCode::oauth2_invalid_grant},
      {"unsupported_grant_type", ErrorCode::oauth2_unsupported_grant_type},
      {"invalid_scope", ErrorCode::oauth2_invalid_scope},
      {"strange", ErrorCode::oauth2_error_other},
      // The description's own word for it.
      {"unauthorized_client", ErrorCode::oauth2_invalid_grant}};
  for (const auto& [word, code] : words) {
    answers(400, R"({"error":")" + word + R"(","error_description":"be\u001b[1mcause"})");
    const Error error = flow().finish(pending, "c").error();
    CHECK(error.code == code);
    CHECK(error.fact("oauth2_error") == word);
    CHECK(error.message.find("cause") != std::string::npos);
    CHECK(error.message.find('\x1b') == std::string::npos);
  }
}

TEST_CASE_FIXTURE(Flow, "token endpoint: answers without a token are told apart") {
  const PendingLogin pending = flow().begin(redirect).value();
  const auto code = [&] { return flow().finish(pending, "c").error().code; };
  answers(200, "{}");
  CHECK(code() == ErrorCode::oauth2_token_absent);
  answers(200, R"({"access_token":"a","token_type":"mac"})");
  CHECK(code() == ErrorCode::answer_not_understood);
  answers(500, "oops");
  CHECK(code() == ErrorCode::answer_server_error);
  world.transport.expect("POST", token_url).fails(ErrorCode::network_answer_lost);
  CHECK(code() == ErrorCode::network_answer_lost);
  world.transport.expect("POST", token_url)
      .answers(302, {{"Location", "https://elsewhere.example/"}});
  CHECK(code() == ErrorCode::answer_redirect);
}

TEST_CASE_FIXTURE(Flow, "token endpoint: a token that no header can hold is none") {
  for (const char* token : {"a b", "a\\r\\nEvil: 1", "\xc3\xa4"}) {
    const PendingLogin pending = flow().begin(redirect).value();
    answers(200, std::string(R"({"access_token":")") + token + "\"}");
    CHECK(flow().finish(pending, "c").error().code == ErrorCode::answer_not_understood);
  }
}

TEST_CASE_FIXTURE(Flow, "token endpoint: nothing is sent without a client, or over plain http") {
  const PendingLogin pending = flow().begin(redirect).value();
  connection.registration.secret = Secret();
  CHECK(flow().finish(pending, "c").error().code == ErrorCode::consumer_missing);
  connection.registration = {"", Secret("s"), "", {}};
  CHECK(flow().finish(pending, "c").error().code == ErrorCode::consumer_missing);
  CHECK(flow().begin(redirect).error().code == ErrorCode::consumer_missing);
  connection.registration = {"app", Secret("s"), "", {}};
  connection.product.settings.front().fallback = "http://accounts.example";
  CHECK(flow().finish(pending, "c").error().code == ErrorCode::credential_insecure);
  connection.product.settings.front().fallback.clear();
  CHECK(flow().finish(pending, "c").error().code == ErrorCode::profile_invalid);
}

TEST_CASE_FIXTURE(Flow, "client credentials: a token in the client's own name") {
  answers(200, R"({"access_token":"at","expires_in":60})");
  const Credential credential =
      oauth2::client_credentials(world.platform(), connection, {}).value();
  CHECK(credential.access.equals("at"));
  CHECK(value_in(sent_form(), "grant_type") == "client_credentials");
  CHECK(value_in(sent_form(), "scope") == "read write");
}

TEST_CASE_FIXTURE(Flow, "refresh: keeps what the server does not say anew") {
  Credential old;
  old.refresh_token = Secret("r1");
  old.user = "alice";
  old.site_id = "7";
  old.version = 4;
  old.scopes = {"read"};
  answers(200, R"({"access_token":"a2"})");
  Credential fresh = oauth2::refresh(world.platform(), connection, old).value();
  CHECK(fresh.refresh_token.equals("r1"));
  CHECK(fresh.user == "alice");
  CHECK(fresh.site_id == "7");
  CHECK(fresh.version == 4);
  CHECK_FALSE(value_in(sent_form(), "redirect_uri"));
  connection.product.oauth2->redirect_on_refresh = true;
  connection.registration.redirect_uri = redirect;
  answers(200, R"({"access_token":"a3","refresh_token":"r2"})");
  fresh = oauth2::refresh(world.platform(), connection, old).value();
  CHECK(fresh.refresh_token.equals("r2"));
  CHECK(value_in(sent_form(), "redirect_uri") == redirect);
}

TEST_CASE_FIXTURE(Flow, "sites: the list of what a token opens, and the gateway to one") {
  Credential credential;
  credential.issued_for.method = SignInMethod::oauth2;
  credential.access = Secret("at");
  world.transport.expect("GET", "https://gateway.example/sites")
      .answers(200, {}, R"([{"id":"7","name":"Seven","url":"https://seven.example"},{"id":"8"}])");
  const auto sites = oauth2::sites(world.platform(), connection, credential).value();
  REQUIRE(sites.size() == 2);
  CHECK(sites[0].url == "https://seven.example");
  CHECK(world.transport.sent.back().header("Authorization") == "Bearer at");
  connection.product.oauth2->site_list = {"/places", "/key", "/text/en", "/at"};
  world.transport.expect("GET", "https://gateway.example/sites")
      .answers(200, {}, R"({"places":[{"key":9,"text":{"en":"Nine"},"at":"https://n.example"}]})");
  const auto others = oauth2::sites(world.platform(), connection, credential).value();
  REQUIRE(others.size() == 1);
  CHECK(others[0].id == "9");
  CHECK(others[0].name == "Nine");
  CHECK(others[0].url == "https://n.example");
  const std::string gateway = oauth2::gateway_template(connection, SignInMethod::oauth2).value();
  CHECK(gateway == "https://gateway.example/ex/{site_id}");
  CHECK(oauth2::gateway_template(connection, SignInMethod::token).value().empty());
  CHECK(oauth2::gateway_of(gateway, "7")->str() == "https://gateway.example/ex/7");
  for (const char* id : {"", "../x", "a/b", "a b"}) {
    CHECK(oauth2::gateway_of(gateway, id).error().code == ErrorCode::url_invalid);
  }
}

TEST_CASE_FIXTURE(
    Flow, "revocation: the refresh token goes back to whom it came from, and nowhere else") {
  Credential credential;
  credential.access = Secret("a");
  credential.refresh_token = Secret("r");
  const auto revoke = [&] { return oauth2::revoke(world.platform(), connection, credential); };
  CHECK(revoke().error().code == ErrorCode::product_unsupported);
  connection.product.oauth2->revoke = ServiceEndpoint{{"/revoke"}, "accounts"};
  world.transport.expect("POST", "https://accounts.example/revoke").answers(200);
  CHECK(revoke().has_value());
  CHECK(value_in(sent_form(), "token") == "r");
  CHECK(value_in(sent_form(), "token_type_hint") == "refresh_token");
  world.transport.expect("POST", "https://accounts.example/revoke")
      .answers(400, {}, R"({"error":"invalid_client"})");
  CHECK(revoke().error().code == ErrorCode::oauth2_invalid_client);
  connection.product.oauth2->revoke = ServiceEndpoint{{"/revoke"}, "gateway"};
  CHECK(revoke().error().code == ErrorCode::credential_elsewhere);
}

TEST_SUITE_END();
