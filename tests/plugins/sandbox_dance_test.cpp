// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/url.h"
#include "plugins/sandbox/sandbox.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

using namespace atlink;
using namespace atlink::tests;

namespace {

const FormFields oob{{"oauth_callback", "oob"}};

/// Answers the consent page of a token the way a browser does.
std::string press(const RunningSandbox& sandbox, const std::string& token, const char* button) {
  const std::string page = visit(sandbox, "GET", "/oauth/consent?oauth_token=" + token);
  return post_form(sandbox,
                   "/oauth/consent",
                   {{"oauth_token", hidden_field(page, "oauth_token")},
                    {"xsrf", hidden_field(page, "xsrf")},
                    {button, "x"}});
}

std::string verifier_on(std::string_view page) {
  const std::size_t begin = page.find("id=\"verifier\">") + 14;
  return std::string(page.substr(begin, page.find('<', begin) - begin));
}

std::string trade(SigningClient& client, const std::string& verifier) {
  return client.send("POST", "/oauth/access", {{"oauth_verifier", verifier}});
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE("sandbox: the whole dance, out of band") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  const std::string temporary = client.send("POST", "/oauth/request", oob);
  CHECK(status_of(temporary) == 200);
  CHECK(header_of(temporary, "Content-Type").value_or("").find("text/plain") == 0);
  CHECK(field_of(temporary, "oauth_callback_confirmed") == "true");
  CHECK(field_of(temporary, "oauth_token").size() == 32);
  client.use(temporary);
  const std::string page = press(sandbox, client.token, "approve");
  CHECK(status_of(page) == 200);
  const std::string verifier = verifier_on(page);
  CHECK(verifier.size() == 6);
  CHECK(std::all_of(
      verifier.begin(), verifier.end(), [](unsigned char c) { return std::isalnum(c); }));
  const std::string answer = trade(client, verifier);
  REQUIRE(status_of(answer) == 200);
  CHECK(field_of(answer, "oauth_expires_in") == "157680000");
  CHECK(field_of(answer, "oauth_authorization_expires_in") == "160272000");
  CHECK(field_of(answer, "oauth_session_handle").size() == 32);
  CHECK(field_of(answer, "oauth_token") != client.token);
  client.use(answer);
  const std::string me = client.send("GET", "/rest/me");
  CHECK(status_of(me) == 200);
  CHECK(body_of(me) == R"({"person":{"name":"alice"}})");
  CHECK(header_of(me, "X-User") == "alice");
}

TEST_CASE("sandbox: with a callback the browser is sent there with token and verifier") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send(
      "POST", "/oauth/request", {{"oauth_callback", "http://127.0.0.1:1/back?x=%20y#part"}}));
  const std::string answer = press(sandbox, client.token, "approve");
  CHECK(status_of(answer) == 303);
  const std::string where = header_of(answer, "Location").value_or("");
  const std::string front =
      fmt::format("http://127.0.0.1:1/back?x=%20y&oauth_token={}&oauth_verifier=", client.token);
  REQUIRE(where.substr(0, front.size()) == front);
  CHECK(where.substr(front.size() + 6) == "#part");
  CHECK(status_of(trade(client, where.substr(front.size(), 6))) == 200);
}

TEST_CASE("sandbox: who denies is sent back with the product's word, and the exchange says so") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", {{"oauth_callback", "http://h.example/c"}}));
  const std::string answer = press(sandbox, client.token, "deny");
  CHECK(header_of(answer, "Location") ==
        fmt::format("http://h.example/c?oauth_token={}&oauth_verifier=denied", client.token));
  const std::string refused = trade(client, "denied");
  CHECK(status_of(refused) == 401);
  CHECK(problem_of(refused) == "permission_denied");
}

TEST_CASE("sandbox: out of band a denial is a page, and the exchange is denied") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", oob));
  const std::string page = press(sandbox, client.token, "deny");
  CHECK(status_of(page) == 200);
  CHECK(page.find("Access denied") != std::string::npos);
  CHECK(problem_of(trade(client, "000000")) == "permission_denied");
}

TEST_CASE("sandbox: out of band goes to the consumer's own callback where it has one") {
  auto options = acme_options();
  options.consumers[0].callback = "https://robot.example/done";
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", oob));
  const std::string where =
      header_of(press(sandbox, client.token, "approve"), "Location").value_or("");
  CHECK(where.find("https://robot.example/done?oauth_token=" + client.token) == 0);
}

TEST_CASE("sandbox: without any callback it is OAuth 1.0, which has no verifier") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  const std::string temporary = client.send("POST", "/oauth/request");
  CHECK(status_of(temporary) == 200);
  CHECK(field_of(temporary, "oauth_callback_confirmed").empty());
  client.use(temporary);
  const std::string page =
      visit(sandbox,
            "GET",
            fmt::format("/oauth/consent?oauth_token={}&oauth_callback=http%3A%2F%2Fh.example%2Fold",
                        client.token));
  const std::string answer = post_form(sandbox,
                                       "/oauth/consent",
                                       {{"oauth_token", client.token},
                                        {"xsrf", hidden_field(page, "xsrf")},
                                        {"oauth_callback", hidden_field(page, "oauth_callback")},
                                        {"approve", "Allow"}});
  CHECK(header_of(answer, "Location") == "http://h.example/old?oauth_token=" + client.token);
  CHECK(status_of(client.send("POST", "/oauth/access")) == 200);
}

TEST_CASE("sandbox: GET on a token endpoint is 200 with an empty body") {
  RunningSandbox sandbox;
  for (const char* path : {"/oauth/request", "/oauth/access"}) {
    const std::string answer = visit(sandbox, "GET", path);
    CHECK(status_of(answer) == 200);
    CHECK(body_of(answer).empty());
    CHECK(status_of(visit(sandbox, "PUT", path)) == 405);
  }
}

TEST_CASE("sandbox: a callback that is no absolute http URL is rejected by name") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  for (const char* callback : {"app://here", "/relative", "http://", "http://h\r\nX: y", ""}) {
    CAPTURE(callback);
    const std::string answer =
        client.send("POST", "/oauth/request", {{"oauth_callback", callback}});
    CHECK(status_of(answer) == 400);
    CHECK(problem_of(answer) == "parameter_rejected");
    CHECK(field_of(answer, "oauth_parameters_rejected") == "oauth_callback");
    CHECK_FALSE(field_of(answer, "oauth_problem_advice").empty());
  }
}

TEST_CASE("sandbox: the consent page escapes names and holds the two buttons") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", oob));
  const std::string page = visit(sandbox, "GET", "/oauth/consent?oauth_token=" + client.token);
  CHECK(status_of(page) == 200);
  CHECK(page.find("The &lt;Robot&gt;") != std::string::npos);
  CHECK(page.find("Acme &lt;Tracker&gt;") != std::string::npos);
  CHECK(page.find("<Robot>") == std::string::npos);
  CHECK(page.find("name=\"approve\"") != std::string::npos);
  CHECK(page.find("name=\"deny\"") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(header_of(page, "Content-Security-Policy").value_or("").find("form-action") ==
        std::string::npos);
}

TEST_CASE("sandbox: a consent form with a wrong or missing XSRF token is forbidden") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", oob));
  for (const char* xsrf : {"", "wrong"}) {
    CHECK(status_of(post_form(
              sandbox,
              "/oauth/consent",
              {{"oauth_token", client.token}, {"xsrf", xsrf}, {"approve", "Allow"}})) == 403);
  }
  CHECK(problem_of(trade(client, "000000")) == "permission_unknown");
}

TEST_CASE("sandbox: a form that says neither or both decides nothing") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", oob));
  const std::string page = visit(sandbox, "GET", "/oauth/consent?oauth_token=" + client.token);
  FormFields form{{"oauth_token", client.token}, {"xsrf", hidden_field(page, "xsrf")}};
  CHECK(status_of(post_form(sandbox, "/oauth/consent", form)) == 400);
  form.emplace_back("approve", "x");
  form.emplace_back("deny", "x");
  CHECK(status_of(post_form(sandbox, "/oauth/consent", form)) == 400);
  CHECK(problem_of(trade(client, "000000")) == "permission_unknown");
}

TEST_CASE("sandbox: the consent page tells unknown, answered and expired tokens apart") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  const std::string path = "/oauth/consent?oauth_token=";
  CHECK(problem_of(visit(sandbox, "GET", path + "unknown")) == "token_rejected");
  CHECK(problem_of(visit(sandbox, "GET", "/oauth/consent")) == "token_rejected");
  client.use(client.send("POST", "/oauth/request", oob));
  press(sandbox, client.token, "approve");
  const std::string used = visit(sandbox, "GET", path + client.token);
  CHECK(problem_of(used) == "token_used");
  CHECK(used.find("</html>") != std::string::npos);
  client.use(client.send("POST", "/oauth/request", oob));
  sandbox.pass(std::chrono::seconds(601));
  CHECK(problem_of(visit(sandbox, "GET", path + client.token)) == "token_expired");
}

TEST_CASE("sandbox: scripts decide in one call and get verifier and redirect in JSON") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", {{"oauth_callback", "http://h.example/c"}}));
  FormFields form{{"oauth_token", client.token}, {"decision", "allow"}};
  const std::string answer = body_of(post_form(sandbox, "/-/sandbox/decide", form));
  const std::string verifier = json::find_string(answer, "/verifier").value_or("");
  CHECK(json::find_string(answer, "/redirect") ==
        fmt::format("http://h.example/c?oauth_token={}&oauth_verifier={}", client.token, verifier));
  CHECK(status_of(post_form(sandbox, "/-/sandbox/decide", form)) == 409);
  CHECK(status_of(trade(client, verifier)) == 200);
}

TEST_CASE("sandbox: a page of another site cannot decide") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", oob));
  const FormFields form{{"oauth_token", client.token}, {"decision", "allow"}};
  CHECK(status_of(post_form(
            sandbox, "/-/sandbox/decide", form, "Origin: http://evil.example\r\n")) == 403);
  CHECK(status_of(post_form(sandbox, "/-/sandbox/decide", {{"decision", "perhaps"}})) == 400);
  CHECK(status_of(visit(sandbox, "GET", "/-/sandbox/decide")) == 405);
  CHECK(problem_of(trade(client, "000000")) == "permission_unknown");
}

TEST_CASE("sandbox: the exchange checks the token's facts before the signature") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  const std::string temporary = client.send("POST", "/oauth/request", oob);
  client.use(temporary);
  client.key = other_key();  // every signature from here on is wrong
  CHECK(problem_of(trade(client, "000000")) == "permission_unknown");
  const std::string verifier = verifier_on(press(sandbox, client.token, "approve"));
  CHECK(problem_of(client.send("POST", "/oauth/access")) == "parameter_absent");
  CHECK(problem_of(trade(client, "wrong!")) == "token_rejected");
  CHECK(problem_of(trade(client, verifier)) == "signature_invalid");
  client.consumer_key = "stranger";
  CHECK(problem_of(trade(client, verifier)) == "token_rejected");
  client.token = "unknown";
  CHECK(problem_of(trade(client, verifier)) == "token_rejected");
  client.with_token = false;
  const std::string answer = trade(client, verifier);
  CHECK(problem_of(answer) == "parameter_absent");
  CHECK(field_of(answer, "oauth_parameters_absent") == "oauth_token");
}

TEST_CASE("sandbox: a temporary token is exchanged once and in time") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  client.use(client.send("POST", "/oauth/request", oob));
  const std::string verifier = verifier_on(press(sandbox, client.token, "approve"));
  CHECK(status_of(trade(client, verifier)) == 200);
  CHECK(problem_of(trade(client, verifier)) == "token_rejected");
  client.with_token = false;
  client.use(client.send("POST", "/oauth/request", oob));
  const std::string late = verifier_on(press(sandbox, client.token, "approve"));
  sandbox.pass(std::chrono::seconds(600));
  CHECK(problem_of(trade(client, late)) == "token_expired");
}

TEST_CASE("sandbox: a session renews a token, also an expired one, until it ends") {
  RunningSandbox sandbox;
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  CHECK(problem_of(client.send("POST", "/oauth/access")) == "parameter_absent");
  CHECK(problem_of(client.send("POST", "/oauth/access", {{"oauth_session_handle", "x"}})) ==
        "token_rejected");
  client.with_token = false;
  const std::string temporary = client.send("POST", "/oauth/request", oob);
  client.use(temporary);
  const std::string first = trade(client, verifier_on(press(sandbox, client.token, "approve")));
  client.use(first);
  const std::string old_token = client.token;
  sandbox.pass(std::chrono::seconds(157680000));
  CHECK(problem_of(client.send("GET", "/rest/me")) == "token_expired");
  const std::string handle = field_of(first, "oauth_session_handle");
  const std::string second =
      client.send("POST", "/oauth/access", {{"oauth_session_handle", handle}});
  REQUIRE(status_of(second) == 200);
  CHECK(field_of(second, "oauth_session_handle") != handle);
  CHECK(field_of(second, "oauth_authorization_expires_in") == "160272000");
  CHECK(problem_of(client.send("POST", "/oauth/access", {{"oauth_session_handle", handle}})) ==
        "token_rejected");
  client.use(second);
  CHECK(client.token != old_token);
  CHECK(status_of(client.send("GET", "/rest/me")) == 200);
  sandbox.pass(std::chrono::seconds(160272000));
  CHECK(problem_of(
            client.send("POST",
                        "/oauth/access",
                        {{"oauth_session_handle", field_of(second, "oauth_session_handle")}})) ==
        "permission_denied");
}

TEST_CASE("sandbox: a shared-secret consumer signs with both secrets where the product allows") {
  auto options = acme_options();
  options.product.oauth1->signature_methods = {oauth1::SignatureMethod::hmac_sha256};
  plugins::SandboxConsumer consumer;
  consumer.key = "sharing";
  consumer.shared_secret = "s3cret&more";
  options.consumers = {consumer};
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  client.consumer_key = "sharing";
  client.key.reset();
  client.shared_secret = "s3cret&more";
  client.method = oauth1::SignatureMethod::hmac_sha256;
  REQUIRE(client.sign_in("http://127.0.0.1:9/x"));
  CHECK(status_of(client.send("GET", "/rest/me")) == 200);
  client.token_secret = "another";
  CHECK(problem_of(client.send("GET", "/rest/me")) == "signature_invalid");
}

TEST_SUITE_END();
