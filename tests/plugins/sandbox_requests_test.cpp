// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "plugins/sandbox/sandbox.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace atlink;
using namespace atlink::tests;

namespace {

constexpr const char* echo = "/-/sandbox/echo";
const FormFields oob{{"oauth_callback", "oob"}};

/// An Authorization header line with these parameters, "token" first.
std::string oauth_line(const FormFields& parameters) {
  return fmt::format("Authorization: {}\r\n", oauth1::format_authorization(parameters));
}

/// The six parameters that make a request an OAuth request, with a signature that fits nothing.
FormFields unsigned_parameters(const RunningSandbox& sandbox) {
  return {{"oauth_consumer_key", "robot"},
          {"oauth_token", "t"},
          {"oauth_signature_method", "RSA-SHA1"},
          {"oauth_signature", "AAAA"},
          {"oauth_timestamp", std::to_string(sandbox.seconds())},
          {"oauth_nonce", "n"}};
}

FormFields without(FormFields fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}

FormFields with(FormFields fields, const std::string& name, const std::string& value) {
  for (auto& field : fields) {
    if (field.first == name) {
      field.second = value;
      return fields;
    }
  }
  fields.emplace_back(name, value);
  return fields;
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE("sandbox: signed requests of every kind arrive as they were sent") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string path = std::string(echo) + "?q=a%20b&q=%2F%2B&empty=&none&u=%C3%A9";
  for (const auto place :
       {oauth1::Transmission::header, oauth1::Transmission::query, oauth1::Transmission::form}) {
    client.transmission = place;
    const std::string form = client.send("POST", path, {}, "x=1+2&x=%7e&y=");
    CHECK(status_of(form) == 200);
    CHECK(body_of(form).find(
              R"("query":[["q","a b"],["q","/+"],["empty",""],["none",""],["u","é"])") !=
          std::string::npos);
    CHECK(body_of(form).find(R"("form":[["x","1 2"],["x","~"],["y",""])") != std::string::npos);
    CHECK(json::find_string(body_of(form), "/user") == "alice");
  }
  for (const auto place : {oauth1::Transmission::header, oauth1::Transmission::query}) {
    client.transmission = place;
    const std::string sent = client.send_json("PUT", path, R"({"k":"v"})");
    CHECK(status_of(sent) == 200);
    CHECK(json::find_string(body_of(sent), "/body") == R"({"k":"v"})");
    CHECK(status_of(client.send("DELETE", path)) == 200);
    CHECK(status_of(client.send("GET", path)) == 200);
  }
}

TEST_CASE("sandbox: what is changed after signing is refused") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  client.host = "site.example:8080";
  CHECK(status_of(client.send("GET", echo)) == 200);
  client.host.clear();
  client.key = other_key();
  const std::string refused = client.send("GET", echo);
  CHECK(status_of(refused) == 401);
  CHECK(problem_of(refused) == "signature_invalid");
  CHECK(header_of(refused, "Content-Type") == "application/x-www-form-urlencoded;charset=UTF-8");
  CHECK(field_of(refused, "oauth_problem") == "signature_invalid");
  CHECK(field_of(refused, "oauth_signature_base_string").find("GET&http%3A%2F%2F127.0.0.1") == 0);
  client.key = test_key();
  client.headers = "X-Forwarded-Proto: https\r\n";  // signed for http
  CHECK(problem_of(client.send("GET", echo)) == "signature_invalid");
}

TEST_CASE("sandbox: the realm is the base URL, percent-encoded") {
  RunningSandbox sandbox;
  const std::string answer = visit(sandbox, "GET", echo, oauth_line(unsigned_parameters(sandbox)));
  CHECK(header_of(answer, "WWW-Authenticate") ==
        fmt::format("OAuth realm=\"http%3A%2F%2F127.0.0.1%3A{}%2Facme\", "
                    "oauth_problem=\"token_rejected\"",
                    sandbox.port()));
}

TEST_CASE("sandbox: a request that lacks an OAuth parameter is anonymous, not an error") {
  RunningSandbox sandbox;
  const FormFields all = unsigned_parameters(sandbox);
  CHECK(problem_of(visit(sandbox, "GET", "/rest/me", oauth_line(all))) == "token_rejected");
  for (const auto& parameter : all) {
    const std::string& name = parameter.first;
    CAPTURE(name);
    const std::string answer = visit(sandbox, "GET", "/rest/me", oauth_line(without(all, name)));
    CHECK(status_of(answer) == 401);
    CHECK(problem_of(answer).empty());
    CHECK(header_of(answer, "WWW-Authenticate").value_or("").find("OAuth realm=") == 0);
    CHECK(header_of(answer, "X-User") == "nobody");
    CHECK(body_of(answer).find(R"({"errors":[{"text":")") == 0);
  }
  CHECK(problem_of(visit(sandbox, "GET", "/rest/me", "Authorization: Basic YTpi\r\n")).empty());
}

TEST_CASE("sandbox: timestamps are good for 300 seconds either way, and the clock is told") {
  auto options = acme_options();
  options.clock_skew = 1000;
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  client.clock_error = 1000;
  REQUIRE(client.sign_in());
  for (const int off : {-300, 300}) {
    client.clock_error = 1000 + off;
    CHECK(status_of(client.send("GET", echo)) == 200);
  }
  for (const int off : {-301, 301}) {
    client.clock_error = 1000 + off;
    const std::string refused = client.send("GET", echo);
    CHECK(status_of(refused) == 400);
    CHECK(problem_of(refused) == "timestamp_refused");
    CHECK(field_of(refused, "oauth_acceptable_timestamps") ==
          fmt::format("{}-{}", sandbox.seconds() + 700, sandbox.seconds() + 1300));
  }
}

TEST_CASE("sandbox: a nonce is good once for its time, consumer and token") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  client.nonce = "again";
  CHECK(status_of(client.send("GET", echo)) == 200);
  const std::string refused = client.send("GET", echo);
  CHECK(status_of(refused) == 401);
  CHECK(problem_of(refused) == "nonce_used");
  client.clock_error = 1;
  CHECK(status_of(client.send("GET", echo)) == 200);
  client.clock_error = 0;
  sandbox.pass(std::chrono::seconds(700));
  CHECK(status_of(client.send("GET", echo)) == 200);
}

TEST_CASE("sandbox: an OAuth parameter in two places is rejected by name") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string refused =
      client.send("GET", std::string(echo) + "?oauth_nonce=2&oauth_version=1.0&oauth_version=1.0");
  CHECK(status_of(refused) == 400);
  CHECK(problem_of(refused) == "parameter_rejected");
  CHECK(field_of(refused, "oauth_parameters_rejected").find("oauth_nonce&oauth_version") !=
        std::string::npos);
}

TEST_CASE("sandbox: a signature method that the product does not take comes before all else") {
  RunningSandbox sandbox;
  const FormFields all = unsigned_parameters(sandbox);
  for (const char* method : {"HMAC-SHA1", "RSA-SHA256", "rsa-sha1", ""}) {
    CAPTURE(method);
    const auto line = oauth_line(
        with(with(all, "oauth_signature_method", method), "oauth_consumer_key", "stranger"));
    for (const std::string& answer : {visit(sandbox, "GET", echo, line),
                                      visit(sandbox, "POST", "/oauth/request", line),
                                      visit(sandbox, "POST", "/oauth/access", line)}) {
      CHECK(status_of(answer) == 400);
      CHECK(problem_of(answer) == "signature_method_rejected");
    }
  }
}

TEST_CASE("sandbox: request-token checks in the order of the products") {
  RunningSandbox sandbox;
  FormFields fields = with(unsigned_parameters(sandbox), "oauth_callback", "bad");
  const auto post = [&](const FormFields& parameters) {
    return visit(sandbox, "POST", "/oauth/request", oauth_line(parameters));
  };
  fields = without(fields, "oauth_token");
  CHECK(field_of(post(without(fields, "oauth_consumer_key")), "oauth_parameters_absent") ==
        "oauth_consumer_key");
  CHECK(problem_of(post(with(fields, "oauth_consumer_key", "x"))) == "consumer_key_unknown");
  const std::string version = post(with(fields, "oauth_version", "2.0"));
  CHECK(problem_of(version) == "version_rejected");
  CHECK(field_of(version, "oauth_acceptable_versions") == "1.0-1.0");
  CHECK(problem_of(post(with(fields, "oauth_timestamp", "1"))) == "timestamp_refused");
  CHECK(field_of(post(without(fields, "oauth_timestamp")), "oauth_parameters_absent") ==
        "oauth_timestamp");
  CHECK(field_of(post(without(fields, "oauth_nonce")), "oauth_parameters_absent") == "oauth_nonce");
  CHECK(problem_of(post(fields)) == "signature_invalid");
  CHECK(problem_of(post(fields)) == "nonce_used");
  SigningClient client(sandbox);
  CHECK(problem_of(client.send("POST", "/oauth/request", {{"oauth_callback", "bad"}})) ==
        "parameter_rejected");
}

TEST_CASE("sandbox: a timestamp or version that is no number is a bare 500") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  const FormFields fields = without(unsigned_parameters(sandbox), "oauth_token");
  for (const FormFields& bad : {with(fields, "oauth_timestamp", "soon"),
                                with(fields, "oauth_timestamp", "99999999999999999999"),
                                with(fields, "oauth_timestamp", "-1"),
                                with(fields, "oauth_version", "one")}) {
    const std::string answer = visit(sandbox, "POST", "/oauth/request", oauth_line(bad));
    CHECK(status_of(answer) == 500);
    CHECK(problem_of(answer).empty());
  }
}

TEST_CASE("sandbox: a token works only for the consumer that got it, and not a temporary one") {
  auto options = acme_options();
  options.consumers.push_back(options.consumers.front());
  options.consumers.back().key = "other";
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  client.consumer_key = "other";
  CHECK(problem_of(client.send("GET", echo)) == "token_rejected");
  client.with_token = false;
  client.use(client.send("POST", "/oauth/request", oob));
  CHECK(problem_of(client.send("GET", echo)) == "token_rejected");
}

TEST_CASE("sandbox: an empty token is the two-legged form, for consumers that may") {
  auto options = acme_options();
  options.consumers.push_back(options.consumers.front());
  options.consumers.back().key = "alone";
  options.consumers.back().two_legged = true;
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  client.with_token = true;
  CHECK(problem_of(client.send("GET", echo)) == "permission_denied");
  client.consumer_key = "alone";
  const std::string answer = client.send("GET", echo);
  CHECK(status_of(answer) == 200);
  CHECK(json::find_string(body_of(answer), "/signed_as") == "oauth1-two-legged");
  CHECK(problem_of(client.send("GET", std::string(echo) + "?xoauth_requestor_id=bob")) ==
        "permission_denied");
  client.consumer_key = "unknown";
  CHECK(problem_of(client.send("GET", echo)) == "consumer_key_unknown");
}

TEST_CASE("sandbox: a product without two-legged requests refuses them") {
  auto options = acme_options();
  options.product.oauth1->two_legged = false;
  options.consumers.front().two_legged = true;
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  client.with_token = true;
  CHECK(problem_of(client.send("GET", echo)) == "permission_denied");
}

TEST_CASE("sandbox: where parameters are not accepted they are ordinary ones") {
  auto options = acme_options();
  options.product.oauth1->transmissions = {oauth1::Transmission::header};
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  CHECK(status_of(client.send("GET", std::string(echo) + "?oauth_other=1")) == 200);
  client.transmission = oauth1::Transmission::query;
  const std::string answer = client.send("GET", echo);
  CHECK(status_of(answer) == 401);
  CHECK(problem_of(answer).empty());
}

TEST_CASE("sandbox: echo hides credentials and wants a signature") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  CHECK(status_of(visit(sandbox, "GET", echo)) == 401);
  REQUIRE(client.sign_in());
  client.headers = "X-Test: hello\r\nCookie: session=secret\r\n";
  const std::string body = body_of(client.send("GET", echo));
  CHECK(body.find(R"(["X-Test","hello"])") != std::string::npos);
  CHECK(body.find(R"(["Authorization","OAuth"])") != std::string::npos);
  CHECK(body.find("secret") == std::string::npos);
  CHECK(body.find("oauth_signature=") == std::string::npos);
}

TEST_CASE("sandbox: a user with a name of any letters is named in header and answer") {
  auto options = acme_options();
  options.user = "Zoë \"Z\" <z>";
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string me = client.send("GET", "/rest/me?expand=all");
  CHECK(json::find_string(body_of(me), "/person/name") == options.user);
  CHECK(header_of(me, "X-User") == "Zo%C3%AB%20%22Z%22%20%3Cz%3E");
}

TEST_SUITE_END();
