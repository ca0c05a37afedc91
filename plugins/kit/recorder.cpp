// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/recorder.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::skip:
      return "skip";
    case Outcome::warn:
      return "warn";
    case Outcome::fail:
      break;
  }
  return "fail";
}

std::size_t CheckReport::count(Outcome outcome) const {
  return static_cast<std::size_t>(std::count_if(
      checks.begin(), checks.end(), [&](const Check& check) { return check.outcome == outcome; }));
}

namespace kit {

Verdict passed(std::string message) {
  return {Outcome::pass, std::move(message), {}};
}

Verdict skipped(std::string why) {
  return {Outcome::skip, std::move(why), {}};
}

Verdict warned(std::string message, std::string next) {
  return {Outcome::warn, {}, {{std::move(message), std::move(next), {}, 0, {}}}};
}

Verdict failed(std::string message, std::string next) {
  return {Outcome::fail, {}, {{std::move(message), std::move(next), {}, 0, {}}}};
}

Verdict failed(std::string_view what, const Error& error) {
  return failed(fmt::format("{}: {}", what, error.message), error.next);
}

Verdict failed_if(std::vector<Finding> findings, std::string message) {
  if (findings.empty()) {
    return passed(std::move(message));
  }
  return {Outcome::fail, {}, std::move(findings)};
}

bool Recorder::run(std::string name, const std::function<Verdict()>& work) {
  const auto begin = clock_.steady();
  Verdict verdict = work();
  Check check;
  check.name = std::move(name);
  check.deployment = deployment_;
  check.outcome = verdict.outcome;
  check.message = std::move(verdict.message);
  check.findings = std::move(verdict.findings);
  check.took = std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - begin);
  checks_.push_back(std::move(check));
  return verdict.outcome != Outcome::fail;
}

std::string name_part(std::string_view text) {
  std::string part = to_lower(text);
  std::replace_if(
      part.begin(),
      part.end(),
      [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.'; },
      '-');
  return part;
}

}  // namespace kit

}  // namespace atlink::plugins
