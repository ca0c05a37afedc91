// SPDX-License-Identifier: Apache-2.0
// What the description says of forged requests, limits, signature methods and acting for others, as
// the sandbox plays it.
#include "atlink/json.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace atlink;
using namespace atlink::tests;
using oauth1::SignatureMethod;
using oauth1::Transmission;

namespace {

constexpr const char* echo = "/-/sandbox/echo";

plugins::SandboxOptions guarded() {
  auto options = acme_options();
  XsrfRule rule;
  rule.name = "X-Acme-Write";
  rule.value = "yes";
  rule.methods = {"POST", "DELETE"};
  rule.body_types = {"multipart/form-data", "application/x-www-form-urlencoded"};
  rule.refuses_browsers = true;
  options.product.xsrf = rule;
  ResponseSignal signal;
  signal.meaning = ResponseSignal::Meaning::xsrf;
  signal.statuses = {409};
  signal.header = "X-Acme-Forged";
  signal.body_contains = "forged request";
  options.product.signals = {signal};
  return options;
}

bool is_taken_for_forged(const std::string& answer) {
  return status_of(answer) == 409 && header_of(answer, "X-Acme-Forged").has_value() &&
         body_of(answer).find("forged request") != std::string::npos;
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE("sandbox rules: requests without the header against forgery are refused as described") {
  RunningSandbox sandbox(guarded());
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  CHECK(is_taken_for_forged(client.send("POST", echo, {}, "a=1")));
  CHECK(status_of(client.send("PUT", echo, {}, "a=1")) == 200);
  CHECK(status_of(client.send_json("POST", echo, "{}")) == 200);
  CHECK(status_of(client.send("DELETE", echo)) == 200);
  client.headers = "X-Acme-Write: no\r\n";
  CHECK(is_taken_for_forged(client.send("POST", echo, {}, "a=1")));
  client.headers = "x-acme-write: yes\r\n";
  CHECK(status_of(client.send("POST", echo, {}, "a=1")) == 200);
  CHECK(is_taken_for_forged(
      visit(sandbox, "POST", "/rest/x", "Content-Type: Multipart/Form-Data; boundary=b\r\n", "x")));
}

TEST_CASE("sandbox rules: what calls itself a browser may only read") {
  RunningSandbox sandbox(guarded());
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  client.headers = "User-Agent: Mozilla/5.0 (X11)\r\nX-Acme-Write: yes\r\n";
  CHECK(is_taken_for_forged(client.send_json("POST", echo, "{}")));
  CHECK(status_of(client.send("GET", echo)) == 200);
  client.headers = "User-Agent: atlink/0.1\r\n";
  CHECK(status_of(client.send_json("POST", echo, "{}")) == 200);
}

TEST_CASE("sandbox rules: all bodies and methods where the description names none") {
  auto options = guarded();
  options.product.xsrf->body_types.clear();
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  CHECK(is_taken_for_forged(client.send_json("POST", echo, "{}")));
  CHECK(is_taken_for_forged(client.send("DELETE", echo)));
  CHECK(status_of(client.send("GET", echo)) == 200);
}

TEST_CASE("sandbox rules: answers tell of limits in the product's headers") {
  for (const auto& [format, wanted] :
       {std::pair{RateLimitRules::ResetFormat::seconds, std::string("60")},
        std::pair{RateLimitRules::ResetFormat::epoch, std::string("1769851860")},
        std::pair{RateLimitRules::ResetFormat::date, std::string("2026-01-31T09:31:00Z")}}) {
    auto options = acme_options();
    options.product.rate_limit = {
        "X-Limit", "X-Left", "X-Again", format, "X-Fill", "X-Interval", "X-Near", "X-Why"};
    options.faults = {"rate-limit=absent,count=1,path=/rest/limited"};
    RunningSandbox sandbox(options);
    const std::string first = visit(sandbox, "GET", "/rest/me");
    CHECK(header_of(first, "X-Limit") == "1000");
    CHECK(header_of(first, "X-Left") == "999");
    CHECK(header_of(first, "X-Again") == wanted);
    CHECK(header_of(first, "X-Interval") == "60");
    CHECK_FALSE(header_of(first, "X-Why").has_value());
    CHECK(header_of(visit(sandbox, "GET", "/rest/me"), "X-Left") == "998");
    const std::string limited = visit(sandbox, "GET", "/rest/limited");
    CHECK(status_of(limited) == 429);
    CHECK(header_of(limited, "X-Left") == "0");
    CHECK(header_of(limited, "X-Near") == "true");
    CHECK(header_of(limited, "X-Why") == "sandbox-fault");
    CHECK_FALSE(header_of(limited, "Retry-After").has_value());
    sandbox.pass(std::chrono::seconds(60));
    CHECK(header_of(visit(sandbox, "GET", "/rest/me"), "X-Left") == "999");
  }
  CHECK_FALSE(header_of(visit(RunningSandbox(), "GET", "/rest/me"), "X-Limit").has_value());
}

TEST_CASE("sandbox rules: every signature method in every place, as the description takes them") {
  auto options = acme_options();
  options.product.oauth1->signature_methods = {SignatureMethod::rsa_sha256,
                                               SignatureMethod::hmac_sha256,
                                               SignatureMethod::hmac_sha1,
                                               SignatureMethod::plaintext,
                                               SignatureMethod::rsa_sha1};
  options.consumers.push_back({"shared", "", "", "a secret", "", false});
  RunningSandbox sandbox(options);
  for (const SignatureMethod method : options.product.oauth1->signature_methods) {
    for (const Transmission place :
         {Transmission::header, Transmission::query, Transmission::form}) {
      CAPTURE(static_cast<int>(method));
      CAPTURE(static_cast<int>(place));
      SigningClient client(sandbox);
      const bool rsa = method == SignatureMethod::rsa_sha1 || method == SignatureMethod::rsa_sha256;
      if (!rsa) {
        client.consumer_key = "shared";
        client.key.reset();
        client.shared_secret = "a secret";
      }
      client.method = method;
      client.transmission = place;
      sandbox.pass(std::chrono::seconds(1));  // so that the nonces are new
      REQUIRE(client.sign_in());
      CHECK(status_of(client.send("POST", std::string(echo) + "?a=b%20c", {}, "x=1+2")) == 200);
      if (!rsa) {
        client.shared_secret = "another";
        CHECK(problem_of(client.send("POST", echo, {}, "x=1")) == "signature_invalid");
      }
    }
  }
}

TEST_CASE("sandbox rules: without a user a consumer acts for the one that the parameter names") {
  auto options = acme_options();
  options.product.oauth1->impersonation = ImpersonationRule{"on_behalf_of"};
  options.consumers.front().two_legged = true;
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  client.with_token = true;
  const auto user_of = [&](const std::string& query) {
    const std::string answer = client.send("GET", "/rest/me" + query);
    return status_of(answer) == 200
               ? json::find_string(body_of(answer), "/person/name").value_or("?")
               : problem_of(answer);
  };
  CHECK(user_of("") == "alice");
  CHECK(user_of("?on_behalf_of=bob%20b") == "bob b");
  CHECK(user_of("?on_behalf_of=") == "permission_denied");
  CHECK(user_of("?xoauth_requestor_id=bob") == "alice");
  // In the form it names nobody: the parameter belongs to the query.
  const std::string form = client.send("POST", echo, {}, "on_behalf_of=bob");
  CHECK(json::find_string(body_of(form), "/user") == "alice");
}

TEST_CASE("sandbox rules: a session handle renews, also where no end of the session is described") {
  auto options = acme_options();
  options.product.oauth1->session_lifetime = std::chrono::seconds(0);
  options.product.oauth1->renewal = true;
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", {{"oauth_callback", "oob"}}));
  const std::string decided = post_form(
      sandbox, "/-/sandbox/decide", {{"oauth_token", client.token}, {"decision", "allow"}});
  const std::string granted = client.send(
      "POST",
      "/oauth/access",
      {{"oauth_verifier", json::find_string(body_of(decided), "/verifier").value_or("")}});
  const std::string handle = field_of(granted, "oauth_session_handle");
  CHECK_FALSE(handle.empty());
  CHECK(field_of(granted, "oauth_authorization_expires_in").empty());
  client.use(granted);
  sandbox.pass(std::chrono::hours(24 * 365 * 4));
  CHECK(problem_of(client.send("POST", "/oauth/access", {{"oauth_session_handle", "x"}})) ==
        "token_rejected");
  const std::string renewed =
      client.send("POST", "/oauth/access", {{"oauth_session_handle", handle}});
  REQUIRE(status_of(renewed) == 200);
  CHECK(problem_of(client.send("GET", "/rest/me")) == "token_rejected");
  client.use(renewed);
  CHECK(status_of(client.send("GET", "/rest/me")) == 200);
}

TEST_SUITE_END();
