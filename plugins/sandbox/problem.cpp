// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/problem.h"

#include "atlink/url.h"
#include "plugins/sandbox/visit.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

/// The words and their statuses; "" is an unexpected failure.
constexpr std::array<std::pair<std::string_view, int>, 20> statuses{{
    {"", 500},
    {"version_rejected", 400},
    {"parameter_absent", 400},
    {"parameter_rejected", 400},
    {"timestamp_refused", 400},
    {"signature_method_rejected", 400},
    {"nonce_used", 401},
    {"signature_invalid", 401},
    {"consumer_key_unknown", 401},
    {"consumer_key_rejected", 401},
    {"token_rejected", 401},
    {"token_expired", 401},
    {"token_used", 401},
    {"token_revoked", 401},
    {"permission_unknown", 401},
    {"permission_denied", 401},
    {"user_refused", 503},
    {"consumer_key_refused", 503},
    {"additional_authorization_required", 403},
    {"token_not_authorized", 403},
}};

}  // namespace

int status_of(const Problem& problem) {
  for (const auto& [word, status] : statuses) {
    if (word == problem.word) {
      return status;
    }
  }
  return 403;
}

std::vector<std::string_view> problem_words() {
  std::vector<std::string_view> words;
  for (const auto& [word, status] : statuses) {
    if (!word.empty()) {
      words.push_back(word);
    }
  }
  return words;
}

Problem example_problem(std::string_view word, std::int64_t now) {
  Problem problem{std::string(word), {}};
  if (word == "version_rejected") {
    problem.details = {{"oauth_acceptable_versions", "1.0-1.0"}};
  } else if (word == "parameter_absent") {
    problem.details = {{"oauth_parameters_absent", "oauth_nonce"}};
  } else if (word == "parameter_rejected") {
    problem.details = {{"oauth_parameters_rejected", "oauth_nonce"}};
  } else if (word == "timestamp_refused") {
    problem.details = {{"oauth_acceptable_timestamps", fmt::format("{}-{}", now - 300, now + 300)}};
  }
  return problem;
}

std::string challenge(std::string_view base_url, const Problem* problem) {
  std::string value = fmt::format("OAuth realm=\"{}\"", percent_encode(base_url));
  if (problem != nullptr) {
    value += fmt::format(", oauth_problem=\"{}\"", percent_encode(problem->word));
    for (const auto& [name, detail] : problem->details) {
      value += fmt::format(", {}=\"{}\"", name, percent_encode(detail));
    }
  }
  return value;
}

ServerResponse problem_answer(std::string_view base_url, const Problem& problem) {
  if (problem.word.empty()) {
    return text_answer(500, "something unexpected happened\n");
  }
  FormFields body{{"oauth_problem", problem.word}};
  body.insert(body.end(), problem.details.begin(), problem.details.end());
  ServerResponse response = text_answer(status_of(problem), to_form(body));
  response.headers.set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
  response.headers.set("WWW-Authenticate", challenge(base_url, &problem));
  return response;
}

}  // namespace atlink::plugins::sandbox
