// SPDX-License-Identifier: Apache-2.0
// What goes wrong in the sandbox on purpose, as the engine takes it.
#include "atlink/client.h"
#include "atlink/json.h"
#include "core/http/classify.h"
#include "core/http/retry.h"
#include "plugins/sandbox/faults.h"
#include "plugins/sandbox/problem.h"
#include "tests/support/acme.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace atlink;
using namespace atlink::tests;
using plugins::sandbox::parse_fault;
using Meaning = ResponseSignal::Meaning;

namespace {

constexpr const char* faults = "/-/sandbox/faults";

ResponseSignal signal(Meaning meaning,
                      std::vector<int> statuses,
                      std::string header,
                      std::string part,
                      std::string body = "") {
  ResponseSignal made;
  made.meaning = meaning;
  made.statuses = std::move(statuses);
  made.header = std::move(header);
  made.header_contains = std::move(part);
  made.body_contains = std::move(body);
  return made;
}

/// A product whose signals are as odd as they may be.
plugins::SandboxOptions with_signals() {
  auto options = acme_options();
  options.product.signals = {
      signal(Meaning::captcha, {401}, "X-Denied", "captcha wanted"),
      signal(Meaning::xsrf, {404, 403}, "", "", "\"forged\" <request>"),
      signal(Meaning::rate_limited, {420}, "", ""),
      signal(Meaning::authentication_failed, {}, "X-Login", "failed"),
      signal(Meaning::login_page, {302, 307}, "Location", "login?to="),
      signal(Meaning::anonymous, {200}, "X-User", "nobody"),
  };
  return options;
}

plugins::SandboxOptions failing(std::string fault) {
  auto options = with_signals();
  options.faults = {std::move(fault)};
  return options;
}

HttpResponseHead head_of(const std::string& answer) {
  HttpResponseHead head{status_of(answer), {}};
  std::string_view lines = answer;
  lines = lines.substr(0, lines.find("\r\n\r\n"));
  while (lines.find("\r\n") != std::string_view::npos) {
    lines.remove_prefix(lines.find("\r\n") + 2);
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    const std::size_t colon = line.find(": ");
    head.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
  }
  return head;
}

/// What the engine says of an answer to a request with a credential; "fine" if nothing.
std::string classified(const plugins::SandboxOptions& options, const std::string& answer) {
  const Url url = Url::parse("http://127.0.0.1/acme/rest/me").value();
  const auto verdict =
      http::classify({"GET", url, options.product, true}, head_of(answer), body_of(answer));
  return verdict.error ? std::string(name_of(verdict.error->code)) : "fine";
}

/// The same for the first answer of a site with that fault.
std::string classified(const std::string& fault) {
  const auto options = failing(fault);
  const RunningSandbox sandbox(options);
  return classified(options, visit(sandbox, "GET", "/rest/me"));
}

std::string complaint(std::string_view text) {
  const auto fault = parse_fault(text);
  if (fault) {
    return "";
  }
  CHECK(fault.error().code == ErrorCode::usage);
  CHECK(fault.error().next.find("repeat-page") != std::string::npos);
  return fault.error().message;
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE(
    "faults: name, value, count and path are read, everything else is refused with the list") {
  const auto fault = parse_fault("rate-limit=date,count=3,path=/rest/a=b").value();
  CHECK(fault.value == "date");
  CHECK(fault.count == 3);
  CHECK(fault.path == "/rest/a=b");
  CHECK(parse_fault("wrong-length=-5")->number == -5);
  CHECK(parse_fault("wrong-length=+5")->number == 5);
  CHECK(parse_fault("status")->number == 503);
  CHECK(parse_fault("problem=token_expired").has_value());
  for (const char* bad : {"",
                          "nonsense",
                          "problem",
                          "problem=",
                          "problem=no_such_word",
                          "captcha=1",
                          "status=200",
                          "status=x",
                          "rate-limit=-1",
                          "rate-limit=tomorrow",
                          "delay=-1",
                          "clock-skew",
                          "clock-skew=99999999999",
                          "captcha,count=0",
                          "captcha,count=x",
                          "captcha,path=rest",
                          "captcha,more=1",
                          "captcha,",
                          "Captcha",
                          "cut=1=2"}) {
    CAPTURE(bad);
    CHECK_FALSE(complaint(bad).empty());
  }
  CHECK(complaint("problem=x").find("nonce_used") != std::string::npos);
}

TEST_CASE("faults: each is taken by the engine for what it is, by the description's own signals") {
  CHECK(classified("login-page") == "answer.login_page");
  CHECK(classified("captcha") == "answer.captcha");
  CHECK(classified("xsrf") == "answer.xsrf");
  CHECK(classified("authentication-failed") == "answer.unauthorized");
  CHECK(classified("anonymous") == "credential.anonymous");
  CHECK(classified("rate-limit") == "answer.rate_limited");
  CHECK(classified("status") == "answer.server_error");
  CHECK(classified("status=404") == "answer.not_found");
}

TEST_CASE("faults: without signals in the description they look as they usually do") {
  const auto answer_to = [](const std::string& fault) {
    auto options = acme_options();
    options.faults = {fault};
    const RunningSandbox sandbox(options);
    return visit(sandbox, "GET", "/rest/me");
  };
  const std::string page = answer_to("login-page");
  CHECK(status_of(page) == 200);
  CHECK(header_of(page, "Content-Type").value_or("").find("text/html") == 0);
  CHECK(page.find("password") != std::string::npos);
  CHECK(status_of(answer_to("captcha")) == 403);
  CHECK(status_of(answer_to("authentication-failed")) == 401);
  CHECK(status_of(answer_to("rate-limit=7")) == 429);
  const std::string nobody = answer_to("anonymous");
  CHECK(status_of(nobody) == 200);
  CHECK(json::find_string(body_of(nobody), "/person/name") == "nobody");
}

TEST_CASE("faults: every word of OAuth is reported as the engine reads it") {
  for (const std::string_view word : plugins::sandbox::problem_words()) {
    CAPTURE(word);
    const RunningSandbox sandbox(failing(fmt::format("problem={}", word)));
    for (const char* path : {"/rest/me", "/oauth/request"}) {
      const std::string answer = visit(sandbox, "POST", path);
      CHECK(problem_of(answer) == word);
      const auto problem = oauth1::read_problem(head_of(answer), body_of(answer));
      REQUIRE(problem.has_value());
      CHECK(problem->code != ErrorCode::oauth1_problem_other);
    }
  }
}

TEST_CASE("faults: each form of Retry-After is one that the engine knows what to do with") {
  const auto asked = [](const std::string& fault) {
    const RunningSandbox sandbox(failing(fault));
    const std::string answer = visit(sandbox, "GET", "/rest/me");
    CHECK(status_of(answer) == 420);
    HttpResponseHead head = head_of(answer);
    head.headers.remove("Date");
    return http::retry_after(head, from_rfc3339("2026-01-31T09:30:00Z").value());
  };
  CHECK(asked("rate-limit") == std::chrono::seconds(1));
  CHECK(asked("rate-limit=90") == std::chrono::seconds(90));
  CHECK(asked("rate-limit=0") == std::chrono::seconds(0));
  CHECK(asked("rate-limit=date") == std::chrono::seconds(1));
  CHECK_FALSE(asked("rate-limit=absent").has_value());
  CHECK_FALSE(asked("rate-limit=nonsense").has_value());
}

TEST_CASE("faults: count and path say which requests they meet; pages for people never") {
  auto options = with_signals();
  options.faults = {"status=500,count=2,path=/rest/a", "captcha,path=/oauth/request", "status=404"};
  const RunningSandbox sandbox(options);
  CHECK(status_of(visit(sandbox, "GET", "/rest/ab")) == 500);
  CHECK(status_of(visit(sandbox, "POST", "/oauth/request")) == 401);
  CHECK(status_of(visit(sandbox, "GET", "/rest/a/c")) == 500);
  CHECK(status_of(visit(sandbox, "GET", "/rest/a/c")) == 404);
  CHECK(status_of(visit(sandbox, "GET", "/-/sandbox/echo")) == 404);
  CHECK(status_of(visit(sandbox, "GET", "/")) == 200);
  CHECK(status_of(visit(sandbox, "GET", "/oauth/consent?oauth_token=x")) == 401);
  CHECK(status_of(visit(sandbox, "GET", "/-/sandbox/consumers")) == 200);
}

TEST_CASE("faults: they are switched over REST") {
  const RunningSandbox sandbox(with_signals());
  CHECK(body_of(visit(sandbox, "GET", faults)) == R"({"faults":[]})");
  const std::string set =
      R"({"faults":[{"name":"status","value":502,"count":1},{"name":"captcha","path":"/rest"}]})";
  const std::string answer = visit(sandbox, "PUT", faults, "", set);
  CHECK(status_of(answer) == 200);
  CHECK(
      body_of(answer) ==
      R"({"faults":[{"name":"status","value":"502","count":1},{"name":"captcha","path":"/rest"}]})");
  CHECK(status_of(visit(sandbox, "GET", "/rest/me")) == 502);
  CHECK(status_of(visit(sandbox, "GET", "/rest/me")) == 401);
  CHECK(json::find_string(body_of(visit(sandbox, "POST", faults, "", R"({"name":"xsrf"})")),
                          "/faults/1/name") == "xsrf");
  CHECK(status_of(visit(sandbox, "DELETE", faults)) == 204);
  CHECK(body_of(visit(sandbox, "GET", faults)) == R"({"faults":[]})");
  CHECK(status_of(visit(sandbox, "PATCH", faults)) == 405);
  CHECK(status_of(visit(sandbox, "DELETE", faults, "Origin: http://evil.example\r\n")) == 403);
}

TEST_CASE("faults: what makes no sense is refused with the list and changes nothing") {
  const RunningSandbox sandbox(failing("status=500"));
  const std::string before = body_of(visit(sandbox, "GET", faults));
  for (const char* bad : {"",
                          "{}",
                          "[]",
                          R"({"faults":{}})",
                          R"({"faults":[{"name":"x"}]})",
                          R"({"faults":[{"name":"captcha"},{"name":"captcha","more":1}]})",
                          R"({"faults":[{"name":"captcha","count":"1"}]})",
                          R"({"faults":[{"name":"captcha","count":0}]})",
                          R"({"faults":[],"more":1})"}) {
    CAPTURE(bad);
    CHECK(status_of(visit(sandbox, "PUT", faults, "", bad)) == 400);
  }
  const std::string refused = visit(sandbox, "POST", faults, "", R"({"name":"x"})");
  CHECK(json::find_string(body_of(refused), "/errors/0/text").value_or("").find("repeat-page") !=
        std::string::npos);
  CHECK(body_of(visit(sandbox, "GET", faults)) == before);
  std::string many = R"({"faults":[)";
  for (int i = 0; i < 101; ++i) {
    many += fmt::format("{}{{\"name\":\"captcha\"}}", i == 0 ? "" : ",");
  }
  CHECK(status_of(visit(sandbox, "PUT", faults, "", many + "]}")) == 400);
}

TEST_CASE("faults: answers that are cut, of a wrong length, late or slow") {
  const std::string whole = body_of(visit(RunningSandbox(acme_options()), "GET", "/rest/me"));
  const auto answer_to = [](const std::string& fault) {
    auto options = acme_options();
    options.faults = {fault};
    const RunningSandbox sandbox(options);
    return visit(sandbox, "GET", "/rest/me");
  };
  const auto claimed = [](const std::string& answer) {
    return std::stoul(header_of(answer, "Content-Length").value_or("0"));
  };
  const std::string cut = answer_to("cut");
  CHECK(body_of(cut) == whole.substr(0, whole.size() / 2));
  CHECK(claimed(cut) == whole.size());
  CHECK(body_of(answer_to("cut=3")) == whole.substr(0, 3));
  CHECK(body_of(answer_to("cut=0")).empty());
  CHECK(claimed(answer_to("wrong-length")) == whole.size() + 10);
  CHECK(claimed(answer_to("wrong-length=-4")) == whole.size() - 4);
  CHECK(claimed(answer_to("wrong-length=-4000")) == 0);
  CHECK(body_of(answer_to("slow=0")) == whole);
  CHECK(body_of(answer_to("delay=1")) == whole);
}

TEST_CASE("faults: the engine notices what is cut, too short or too slow, and ends in time") {
  const auto code_for = [](const std::string& fault) -> std::string {
    auto options = acme_options();
    options.faults = {fault};
    const RunningSandbox sandbox(
        options,
        R"({"resources": [{"path": "/rest/open", "anonymous": true, "text": "some text"}]})");
    FakeWorld world;
    const Platform fake = world.platform();
    Connection connection{
        options.product,
        BaseUrl::make(Url::parse("http://" + sandbox.authority()).value(), "/acme").value(),
        {},
        oauth1::SignatureMethod::rsa_sha1,
        oauth1::Transmission::header,
        {}};
    Client client({fake.clock,
                   fake.random,
                   fake.environment,
                   fake.files,
                   fake.terminal,
                   fake.browser,
                   system_platform().transport,
                   fake.process,
                   fake.loader},
                  std::move(connection),
                  std::nullopt);
    client.retry.attempts = 1;
    client.limits.idle = std::chrono::milliseconds(300);
    Keeper keeper;
    ApiRequest request;
    request.method = "GET";
    request.path = "/rest/open";
    const auto answer = client.send(request, keeper);
    return answer ? keeper.body : std::string(name_of(answer.error().code));
  };
  CHECK(code_for("delay=0") == "some text");
  CHECK(code_for("cut=4") == "answer.truncated");
  CHECK(code_for("wrong-length=5") == "answer.truncated");
  CHECK(code_for("wrong-length=-5") == "some");
  CHECK(code_for("delay=3600000") == "network.timeout");
  CHECK(code_for("slow=3600000") == "answer.truncated");
}

TEST_CASE("faults: a clock that is wrong for some requests") {
  auto options = acme_options();
  options.faults = {"clock-skew=1000,path=/rest/me,count=1"};
  RunningSandbox sandbox(options);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  const std::string refused = client.send("GET", "/rest/me");
  CHECK(problem_of(refused) == "timestamp_refused");
  CHECK(field_of(refused, "oauth_acceptable_timestamps") ==
        fmt::format("{}-{}", sandbox.seconds() + 700, sandbox.seconds() + 1300));
  CHECK(status_of(client.send("GET", "/rest/me")) == 200);
}

TEST_CASE("faults: unknown ones are refused before the site listens") {
  FakeWorld world;
  const auto made = plugins::make_sandbox(world.platform(), failing("no-such-fault"));
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == ErrorCode::usage);
}

TEST_SUITE_END();
