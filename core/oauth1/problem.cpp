// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "core/oauth1/challenge.h"
#include "core/oauth1/problem_words.h"
#include "core/text/ascii.h"

#include <algorithm>
#include <charconv>

namespace atlink::oauth1 {

namespace {

constexpr std::size_t longest_body = std::size_t{64} << 10;

std::optional<std::int64_t> read_seconds(std::string_view digits) {
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  // The year 9999 is the last that dates are written for.
  const bool plausible = value >= 0 && value <= 253402300799;
  return error == std::errc() && stop == end && plausible ? std::optional(value) : std::nullopt;
}

/// "MIN-MAX": the server's clock is in the middle of what it accepts.
std::optional<std::int64_t> middle(std::string_view range) {
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto from = read_seconds(trim(range.substr(0, dash)));
  const auto to = read_seconds(trim(range.substr(dash + 1)));
  if (!from || !to || *from > *to) {
    return std::nullopt;
  }
  return *from + (*to - *from) / 2;
}

/// A problem from decoded parameters; none without an oauth_problem.
std::optional<Problem> from_parameters(const FormFields& parameters) {
  const auto word = form_value(parameters, "oauth_problem");
  if (!word || word->empty()) {
    return std::nullopt;
  }
  Problem problem;
  problem.problem = *word;
  problem.code = problem_word(*word).code;
  for (const auto& [name, value] : parameters) {
    if (name.starts_with("oauth_") && name != "oauth_problem" && name != "oauth_signature") {
      problem.details.emplace_back(name, value);
    }
  }
  if (const auto range = form_value(parameters, "oauth_acceptable_timestamps")) {
    problem.server_time = middle(*range);
  }
  if (const auto text = form_value(parameters, "oauth_signature_base_string")) {
    problem.base_string = std::string(*text);
  }
  return problem;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return text::is_alnum(c) || c == '_' || c == '-' || c == '.';
  });
}

/// A body in the form of OAuth, and not some text that has the words in it.
std::optional<Problem> from_body(std::string_view body) {
  body = trim(body);
  if (body.size() > longest_body || body.find("oauth_problem=") == std::string_view::npos) {
    return std::nullopt;
  }
  const FormFields fields = parse_form(body);
  const bool plain = std::all_of(
      fields.begin(), fields.end(), [](const auto& field) { return is_plain_name(field.first); });
  return plain ? from_parameters(fields) : std::nullopt;
}

}  // namespace

std::optional<Problem> read_problem(const HttpResponseHead& head, std::string_view body) {
  for (const std::string_view field : head.headers.all("WWW-Authenticate")) {
    for (const Challenge& challenge : read_challenges(field)) {
      if (!is_oauth(challenge)) {
        continue;
      }
      if (auto problem = from_parameters(decoded_parameters(challenge))) {
        return problem;
      }
    }
  }
  return from_body(body);
}

}  // namespace atlink::oauth1
