// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace atlink::oauth1;

namespace {

std::optional<Problem> from_header(const std::string& value) {
  return read_problem({401, {{"WWW-Authenticate", value}}}, "");
}

std::optional<Problem> from_body(std::string_view body) {
  return read_problem({401, {}}, body);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const std::string& all_words() {
  static const std::string words =
      "version_rejected parameter_absent parameter_rejected timestamp_refused "
      "signature_method_rejected nonce_used signature_invalid consumer_key_unknown "
      "consumer_key_rejected consumer_key_refused token_rejected token_expired token_used "
      "token_revoked permission_unknown permission_denied user_refused "
      "additional_authorization_required token_not_authorized";
  return words;
}

}  // namespace

TEST_CASE("problems: every word has its code, named after it, and a next step of its own") {
  std::set<std::string> steps;
  std::size_t count = 0;
  for (const auto& [word, value] : parse_form([] {
         std::string list = all_words();
         std::replace(list.begin(), list.end(), ' ', '&');
         return list;
       }())) {
    const auto shown = word;  // clang 14 captures no binding
    CAPTURE(shown);
    const auto problem = from_header("OAuth realm=\"x\", oauth_problem=\"" + word + "\"");
    REQUIRE(problem.has_value());
    const Error error = to_error(*problem);
    CHECK(name_of(error.code) == "oauth1." + word);
    CHECK(contains(error.message, word));
    CHECK(error.fact("oauth_problem") == word);
    CHECK(error.next.size() > 25);
    steps.insert(error.next);
    ++count;
  }
  CHECK(count == 19);
  // Expired and revoked tokens are mended in the same way; nothing else shares its words.
  CHECK(steps.size() == 18);
}

TEST_CASE("problems: a sentence of the server's own is kept as it is") {
  const auto problem = from_header(R"(OAuth oauth_problem="The%20user%20is%20gone%0A%1B[31m")");
  REQUIRE(problem.has_value());
  CHECK(problem->code == ErrorCode::oauth1_problem_other);
  CHECK(problem->problem == "The user is gone\n\x1B[31m");
  const Error error = to_error(*problem);
  CHECK(contains(error.message, "The user is gone"));
  CHECK_FALSE(contains(error.message, "\x1B"));
  CHECK_FALSE(contains(error.message, "\n"));
  CHECK(from_header("OAuth oauth_problem=\"Token_Rejected\"")->code ==
        ErrorCode::oauth1_problem_other);
}

TEST_CASE("problems: lists of parameters are decoded to their names") {
  const auto problem = from_header(
      R"(OAuth oauth_problem="parameter_absent", oauth_parameters_absent="oauth_nonce%26a%2520b")");
  REQUIRE(problem.has_value());
  CHECK(problem->details == FormFields{{"oauth_parameters_absent", "oauth_nonce&a%20b"}});
  CHECK(contains(to_error(*problem).message, "absent: oauth_nonce, a b"));
  const auto rejected = from_body(
      "oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback&"
      "oauth_problem_advice=must+be+absolute");
  CHECK(contains(to_error(*rejected).message, "rejected: oauth_callback"));
  CHECK(contains(to_error(*rejected).message, "the server says: must be absolute"));
}

TEST_CASE("problems: the server's clock is the middle of what it accepts") {
  const auto problem = from_header(
      R"(OAuth oauth_problem="timestamp_refused", oauth_acceptable_timestamps="1700000000-1700000600")");
  REQUIRE(problem.has_value());
  CHECK(problem->server_time == 1700000300);
  CHECK(contains(to_error(*problem).message, "2023-11-14T22:18:20Z"));
}

TEST_CASE("problems: ranges that make no sense tell no time") {
  for (const char* range : {"",
                            "1700000000",
                            "-",
                            "x-y",
                            "2-1",
                            "-5-5",
                            "1-99999999999999999999",
                            "0-999999999999",
                            "1-2x",
                            "1--2"}) {
    CAPTURE(range);
    const auto problem = from_body("oauth_problem=timestamp_refused&oauth_acceptable_timestamps=" +
                                   std::string(range));
    REQUIRE(problem.has_value());
    CHECK_FALSE(problem->server_time.has_value());
  }
}

TEST_CASE("problems: the server's base string is handed on, its signature is not") {
  const auto problem = from_header(
      R"(OAuth oauth_problem="signature_invalid", oauth_signature="secret%26token", oauth_signature_base_string="GET%26http%253A%252F%252Fh%252F%26")");
  REQUIRE(problem.has_value());
  CHECK(problem->base_string == "GET&http%3A%2F%2Fh%2F&");
  const Error error = to_error(*problem);
  for (const auto& [name, value] : error.context) {
    CHECK_FALSE(contains(value, "secret"));
  }
}

TEST_CASE("problems: a bare challenge is none") {
  CHECK_FALSE(from_header(R"(OAuth realm="https%3A%2F%2Fhost")").has_value());
  CHECK_FALSE(from_header("OAuth").has_value());
  CHECK_FALSE(from_header(R"(OAuth realm="x", oauth_problem="")").has_value());
  CHECK_FALSE(from_header(R"(Bearer realm="x", oauth_problem="token_rejected")").has_value());
  CHECK_FALSE(read_problem({200, {}}, "").has_value());
}

TEST_CASE("problems: several challenges, in one field or many, are all looked at") {
  const auto is_rejected = [](const std::optional<Problem>& problem) {
    return problem && problem->code == ErrorCode::oauth1_token_rejected;
  };
  CHECK(is_rejected(from_header(
      R"(Basic realm="a, OAuth b", oAuTh realm="x", oauth_problem="token_rejected", Negotiate)")));
  CHECK(is_rejected(from_header(R"(Negotiate YII/a+b==, OAuth oauth_problem=token_rejected)")));
  CHECK(is_rejected(
      from_header(R"(OAuth realm="x", Basic realm="y", OAuth oauth_problem="token_rejected")")));
  CHECK(is_rejected(read_problem({401,
                                  {{"WWW-Authenticate", "Basic realm=\"x\""},
                                   {"www-authenticate", "OAuth realm=\"x\""},
                                   {"Www-Authenticate", "OAuth oauth_problem=\"token_rejected\""}}},
                                 "")));
}

TEST_CASE("problems: a body of OAuth's form is read, other text with the words in it is not") {
  const auto problem = from_body("oauth_problem=nonce_used&oauth_problem_advice=later\r\n");
  REQUIRE(problem.has_value());
  CHECK(problem->code == ErrorCode::oauth1_nonce_used);
  CHECK(problem->details == FormFields{{"oauth_problem_advice", "later"}});
  CHECK_FALSE(from_body("<html>oauth_problem=nonce_used</html>").has_value());
  CHECK_FALSE(from_body("{\"x\":\"&oauth_problem=nonce_used\"}").has_value());
  CHECK_FALSE(from_body("see oauth_problem=nonce_used").has_value());
  CHECK_FALSE(from_body("oauth_problem=" + std::string(1 << 20, 'x')).has_value());
}

TEST_CASE("problems: the header comes before the body") {
  const auto problem = read_problem({401, {{"WWW-Authenticate", "OAuth oauth_problem=token_used"}}},
                                    "oauth_problem=token_expired");
  CHECK(problem->code == ErrorCode::oauth1_token_used);
}

TEST_CASE("problems: hostile headers give an answer soon, and errors stay short and clean") {
  const std::string filler(200000, 'x');
  CHECK_FALSE(from_header("OAuth realm=\"" + filler).has_value());
  CHECK_FALSE(from_header(std::string(200000, '"')).has_value());
  CHECK_FALSE(from_header(std::string(200000, ',')).has_value());
  CHECK_FALSE(from_header("OAuth " + std::string(200000, '=')).has_value());
  std::string many = "OAuth ";
  for (int i = 0; i < 20000; ++i) {
    many += "a" + std::to_string(i) + "=\"\\\",";
  }
  CHECK_FALSE(from_header(many).has_value());
  const auto huge =
      from_header("OAuth oauth_problem=\"" + filler + "\", oauth_x=\"" + filler + "\"");
  REQUIRE(huge.has_value());
  const Error error = to_error(*huge);
  CHECK(error.message.size() < 2000);
  for (const auto& [name, value] : error.context) {
    CHECK(value.size() <= 400);
  }
}

TEST_SUITE_END();
