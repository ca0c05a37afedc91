// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "tests/support/data.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace atlink::oauth1;

namespace {

Consumer consumer() {
  Consumer one;
  one.key = "my key";
  one.private_key = RsaPrivateKey::parse(tests::data("keys/pkcs8.pem"), nullptr).value();
  one.secret = Secret("s");
  return one;
}

AuthorizeInput get(std::string_view url) {
  AuthorizeInput input;
  input.method = "GET";
  input.url = url;
  input.timestamp = 1700000000;
  input.nonce = "abcdefghijklmnopqrstuvwx";
  return input;
}

std::string value(const FormFields& fields, std::string_view name) {
  return std::string(form_value(fields, name).value_or("(absent)"));
}

/// Checks the parameters' signature the way a server does.
bool server_accepts(const SignatureInput& input, const FormFields& parameters) {
  ConsumerVerifier known;
  known.public_key = RsaPublicKey::parse(tests::data("keys/public.pem")).value();
  return verify(SignatureMethod::rsa_sha1,
                signature_base_string(input).value(),
                value(parameters, "oauth_signature"),
                known,
                nullptr);
}

}  // namespace

TEST_CASE("authorising: the header has every parameter once and a signature that verifies") {
  const Consumer one = consumer();
  Token token{"tok/en", Secret("x")};
  const AuthorizeInput input = get("https://h/p?q=1");
  const auto result =
      authorize(input, {SignatureMethod::rsa_sha1, Transmission::header, one, &token});
  REQUIRE(result.has_value());
  CHECK(result->query.empty());
  CHECK(result->form.empty());
  CHECK(result->header.starts_with("OAuth oauth_consumer_key=\"my%20key\", "));
  const FormFields fields = parse_authorization(result->header).value();
  CHECK(fields.size() == 7);
  CHECK(value(fields, "oauth_token") == "tok/en");
  CHECK(value(fields, "oauth_signature_method") == "RSA-SHA1");
  CHECK(value(fields, "oauth_timestamp") == "1700000000");
  CHECK(value(fields, "oauth_nonce") == input.nonce);
  CHECK(value(fields, "oauth_version") == "1.0");
  CHECK(server_accepts({"GET", input.url, fields, {}}, fields));
  CHECK_FALSE(server_accepts({"GET", "https://h/p?q=2", fields, {}}, fields));
  CHECK_FALSE(server_accepts({"PUT", input.url, fields, {}}, fields));
  CHECK(result->base_string == signature_base_string({"GET", input.url, fields, {}}).value());
}

TEST_CASE("authorising: parameters in the query verify from the URL alone") {
  const Consumer one = consumer();
  const AuthorizeInput input = get("https://h/p?q=a%20b");
  const auto result = authorize(input, {SignatureMethod::rsa_sha1, Transmission::query, one});
  REQUIRE(result.has_value());
  CHECK(result->header.empty());
  CHECK(result->form.empty());
  const std::string url = Url::parse(input.url)->with_query(result->query)->str();
  const FormFields none;
  CHECK(server_accepts({"GET", url, none, {}}, parse_form(result->query)));
}

TEST_CASE("authorising: parameters in the form verify from the body alone") {
  const Consumer one = consumer();
  AuthorizeInput input = get("https://h/p");
  input.method = "POST";
  input.form_body = "a=b+c&d=%C3%A9";
  const auto result = authorize(input, {SignatureMethod::rsa_sha1, Transmission::form, one});
  REQUIRE(result.has_value());
  CHECK(result->header.empty());
  CHECK(result->query.empty());
  const std::string body = std::string(*input.form_body) + "&" + result->form;
  const FormFields none;
  CHECK(server_accepts({"POST", input.url, none, body}, parse_form(result->form)));
}

TEST_CASE("authorising: no token, an empty token and a token are three things") {
  const Consumer one = consumer();
  const auto without =
      authorize(get("https://h/"), {SignatureMethod::rsa_sha1, Transmission::header, one});
  CHECK(without->header.find("oauth_token") == std::string::npos);
  const Token empty;
  const auto two_legged =
      authorize(get("https://h/"), {SignatureMethod::rsa_sha1, Transmission::header, one, &empty});
  CHECK(two_legged->header.find(R"(oauth_token="", )") != std::string::npos);
  CHECK(two_legged->base_string.find("oauth_token%3D%26") != std::string::npos);
}

TEST_CASE("authorising: further parameters are signed and sent") {
  const Consumer one = consumer();
  AuthorizeInput input = get("https://h/");
  input.extra = {{"oauth_callback", "http://127.0.0.1:5000/cb?x=1"}};
  const auto result = authorize(input, {SignatureMethod::rsa_sha1, Transmission::header, one});
  const FormFields fields = parse_authorization(result->header).value();
  CHECK(value(fields, "oauth_callback") == "http://127.0.0.1:5000/cb?x=1");
  CHECK(result->base_string.find("oauth_callback%3Dhttp%253A%252F%252F127.0.0.1") !=
        std::string::npos);
}

TEST_CASE("authorising: PLAINTEXT stays on protected channels") {
  const Consumer one = consumer();
  const auto code = [&one](std::string_view url) {
    const auto result =
        authorize(get(url), {SignatureMethod::plaintext, Transmission::header, one});
    return result ? "ok" : std::string(name_of(result.error().code));
  };
  CHECK(code("http://site.example/") == "oauth1.insecure");
  CHECK(code("http://10.0.0.1/") == "oauth1.insecure");
  CHECK(code("http://127.0.0.1.example/") == "oauth1.insecure");
  CHECK(code("https://site.example/") == "ok");
  CHECK(code("http://127.0.0.1:8080/") == "ok");
  CHECK(code("http://[::1]/") == "ok");
  CHECK(code("http://localhost/") == "ok");
}

TEST_CASE("authorising: what the consumer lacks is named") {
  Consumer one;
  const auto with = [&one](SignatureMethod method) {
    return authorize(get("https://h/"), {method, Transmission::header, one}).error().code;
  };
  CHECK(with(SignatureMethod::rsa_sha1) == ErrorCode::consumer_missing);
  one.key = "k";
  CHECK(with(SignatureMethod::rsa_sha1) == ErrorCode::key_missing);
  CHECK(with(SignatureMethod::hmac_sha1) == ErrorCode::consumer_missing);
  CHECK(with(SignatureMethod::plaintext) == ErrorCode::consumer_missing);
}

TEST_CASE("authorising: the base string shows no secret") {
  Consumer one;
  one.key = "k";
  one.secret = Secret("hunter2");
  const Token token{"t", Secret("swordfish")};
  for (const SignatureMethod method : {SignatureMethod::hmac_sha1, SignatureMethod::plaintext}) {
    const auto result = authorize(get("https://h/"), {method, Transmission::header, one, &token});
    CHECK(result->base_string.find("hunter2") == std::string::npos);
    CHECK(result->base_string.find("swordfish") == std::string::npos);
  }
}

TEST_SUITE_END();
