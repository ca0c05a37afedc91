// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace atlink::oauth1;

namespace {

Result<TokenAnswer> read(int status, const std::string& type, std::string_view body) {
  return read_token_answer({status, {{"Content-Type", type}}}, body);
}

Error error_of(int status, const std::string& type, std::string_view body) {
  auto answer = read(status, type, body);
  REQUIRE_FALSE(answer.has_value());
  CHECK_FALSE(answer.error().next.empty());
  return answer.error();
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

constexpr const char* login_page =
    "\xEF\xBB\xBF\n<!DOCTYPE html>\n<html><head><title>Log in</title></head></html>";

}  // namespace

TEST_CASE("token answers: every field is read, whatever the content type says") {
  const std::string body =
      "oauth_token=a%2Fb&oauth_token_secret=c%20d&oauth_callback_confirmed=true&"
      "oauth_expires_in=157680000&oauth_session_handle=h&"
      "oauth_authorization_expires_in=160272000\r\n";
  for (const char* type :
       {"text/plain", "application/x-www-form-urlencoded", "text/html;charset=UTF-8", ""}) {
    CAPTURE(type);
    const auto answer = read(200, type, body);
    REQUIRE(answer.has_value());
    CHECK(answer->token.token == "a/b");
    CHECK(answer->token.secret.expose() == "c d");
    CHECK(answer->callback_confirmed);
    CHECK(answer->expires_in == 157680000);
    CHECK(answer->authorization_expires_in == 160272000);
    CHECK(answer->session_handle.expose() == "h");
  }
}

TEST_CASE("token answers: only the token itself is a must") {
  const auto answer = read(200, "text/plain", "oauth_token=t");
  REQUIRE(answer.has_value());
  CHECK(answer->token.secret.empty());
  CHECK_FALSE(answer->callback_confirmed);
  CHECK_FALSE(answer->expires_in.has_value());
  CHECK(answer->session_handle.empty());
  CHECK_FALSE(read(200, "", "oauth_token=t&oauth_callback_confirmed=false")->callback_confirmed);
}

TEST_CASE("token answers: lifetimes that are no numbers are not guessed") {
  for (const char* value : {"", "x", "-1", "1.5", "99999999999999999999", "5x"}) {
    const auto answer = read(200, "", "oauth_token=t&oauth_expires_in=" + std::string(value));
    CHECK_FALSE(answer->expires_in.has_value());
  }
}

TEST_CASE("token answers: nothing at all is told from something else") {
  for (const char* type : {"text/plain", "text/html"}) {
    const Error empty = error_of(200, type, " \r\n");
    CHECK(empty.code == ErrorCode::oauth1_token_absent);
    CHECK(contains(empty.message, "nothing"));
    CHECK(contains(empty.next, "GET"));
  }
  const Error other = error_of(200, "text/plain", "access_token=hunter2");
  CHECK(other.code == ErrorCode::oauth1_token_absent);
  CHECK_FALSE(contains(other.message, "hunter2"));
  CHECK(error_of(200, "", "oauth_token=&oauth_token_secret=s").code ==
        ErrorCode::oauth1_token_absent);
}

TEST_CASE("token answers: a login page is called that") {
  CHECK(error_of(200, "text/plain", login_page).code == ErrorCode::answer_login_page);
  CHECK(error_of(200, "text/html", "<form>").code == ErrorCode::answer_login_page);
  CHECK(error_of(401, "text/html", "<form>").code == ErrorCode::answer_login_page);
  CHECK(error_of(200, "Text/HTML; charset=x", "Welcome").code == ErrorCode::answer_login_page);
}

TEST_CASE("token answers: without a problem of OAuth's the status counts") {
  CHECK(error_of(401, "text/plain", "").code == ErrorCode::answer_unauthorized);
  CHECK(error_of(403, "text/html", login_page).code == ErrorCode::answer_forbidden);
  CHECK(error_of(404, "text/html", login_page).code == ErrorCode::answer_not_found);
  CHECK(error_of(410, "", "").code == ErrorCode::answer_not_found);
  CHECK(error_of(409, "", "").code == ErrorCode::answer_conflict);
  CHECK(error_of(429, "", "").code == ErrorCode::answer_rate_limited);
  CHECK(error_of(400, "", "").code == ErrorCode::answer_invalid);
  CHECK(error_of(500, "", "").code == ErrorCode::answer_server_error);
  CHECK(error_of(503, "", "oauth_token=t").code == ErrorCode::answer_server_error);
  CHECK(error_of(404, "", "").fact("status") == "404");
}

TEST_CASE("token answers: a redirect is shown without its query") {
  auto answer = read_token_answer({302, {{"Location", "https://sso.example/login?token=x"}}}, "");
  CHECK(answer.error().code == ErrorCode::answer_redirect);
  CHECK(contains(answer.error().message, "https://sso.example/login"));
  CHECK_FALSE(contains(answer.error().message, "token=x"));
}

TEST_CASE("token answers: the sentence of a JSON error is told") {
  const char* json = "application/json";
  CHECK(contains(error_of(500, json, R"({"message":"out of \u0007order"})").message, "out of"));
  CHECK(contains(error_of(403, json, R"({"errorMessages":["not you"]})").message, "not you"));
  CHECK(contains(error_of(400, json, R"({"error":"bad","error_description":"so bad"})").message,
                 "so bad"));
  const Error ok = error_of(200, json, R"({"message":"not here","password":"hunter2"})");
  CHECK(ok.code == ErrorCode::oauth1_token_absent);
  CHECK(contains(ok.message, "not here"));
  CHECK_FALSE(contains(ok.message, "hunter2"));
  CHECK(contains(error_of(502, "text/plain", "upstream\ngone\x1B[1m").message, "upstream gone"));
}

TEST_CASE("token answers: what might hold a secret is not quoted") {
  const Error error = error_of(500, "", "oauth_token=t&oauth_token_secret=hunter2");
  CHECK_FALSE(contains(error.message, "hunter2"));
}

TEST_CASE("token answers: a problem of OAuth's comes first, at any status") {
  for (const int status : {200, 400, 401, 503}) {
    const Error error = error_of(status, "", "oauth_problem=permission_unknown");
    CHECK(error.code == ErrorCode::oauth1_permission_unknown);
    CHECK(error.fact("status") == std::to_string(status));
  }
  auto answer = read_token_answer(
      {401, {{"WWW-Authenticate", "OAuth oauth_problem=\"token_rejected\""}}}, login_page);
  CHECK(answer.error().code == ErrorCode::oauth1_token_rejected);
}

TEST_CASE("token answers: more than 64 KiB is refused unread") {
  const std::string body = "oauth_token=t&x=" + std::string(1 << 16, 'x');
  CHECK(error_of(200, "text/plain", body).code == ErrorCode::answer_too_large);
  CHECK(read(200, "text/plain", body.substr(0, 1 << 16)).has_value());
}

TEST_SUITE_END();
