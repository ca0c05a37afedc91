// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "core/oauth1/problem_words.h"

#include <fmt/format.h>

#include <chrono>

namespace atlink::oauth1 {

namespace {

/// "a, b" of a list such as "a&b%20c", whose items may be encoded once more.
std::string list_in_words(std::string_view list) {
  std::string words;
  for (const auto& [name, value] : parse_form(list)) {
    words +=
        fmt::format("{}{}{}{}", words.empty() ? "" : ", ", name, value.empty() ? "" : "=", value);
  }
  return printable(words, 200);
}

std::string time_in_words(std::int64_t seconds) {
  return to_rfc3339(TimePoint(std::chrono::seconds(seconds)));
}

/// What the server adds to the word, each detail in the way that suits it.
std::string details_in_words(const Problem& problem) {
  std::string words;
  const auto add = [&words](std::string_view text) { words += fmt::format("; {}", text); };
  for (const auto& [name, value] : problem.details) {
    if (value.empty()) {
      continue;
    }
    if (name == "oauth_parameters_absent") {
      add("absent: " + list_in_words(value));
    } else if (name == "oauth_parameters_rejected") {
      add("rejected: " + list_in_words(value));
    } else if (name == "oauth_acceptable_versions") {
      add("accepted versions: " + printable(value, 40));
    } else if (name == "oauth_problem_advice") {
      add("the server says: " + printable(value, 200));
    }
  }
  if (problem.server_time) {
    add("the server's clock shows " + time_in_words(*problem.server_time));
  }
  return words;
}

}  // namespace

Error to_error(const Problem& problem) {
  const std::string word = printable(problem.problem, 200);
  Error error = make_error(
      problem.code,
      fmt::format("{} ({}){}", meaning_of(problem.code), word, details_in_words(problem)),
      std::string(problem_word(problem.code).next));
  error.context.emplace_back("oauth_problem", word);
  for (const auto& [name, value] : problem.details) {
    error.context.emplace_back(printable(name, 60), printable(value));
  }
  return error;
}

}  // namespace atlink::oauth1
