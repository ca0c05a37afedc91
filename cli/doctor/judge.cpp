// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/judge.h"

#include "atlink/text.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace atlink::cli::doctor {

namespace {

// The URL of a base string: its middle part.
std::string url_in(std::string_view base_string) {
  const std::size_t first = std::min(base_string.find('&'), base_string.size());
  const std::string_view rest = base_string.substr(std::min(first + 1, base_string.size()));
  return percent_decode(rest.substr(0, rest.find('&')));
}

// What is left of `theirs` when the path below the base URL is taken off.
std::optional<BaseUrl> base_in(const Evidence& evidence,
                               std::string_view asked,
                               std::string_view theirs) {
  const std::string& base = evidence.base->str();
  if (asked.substr(0, base.size()) != base) {
    return std::nullopt;
  }
  const std::string_view below = asked.substr(base.size());
  if (theirs.size() < below.size() || theirs.substr(theirs.size() - below.size()) != below) {
    return std::nullopt;
  }
  auto found = BaseUrl::parse(theirs.substr(0, theirs.size() - below.size()));
  return found ? std::optional(std::move(*found)) : std::nullopt;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  constexpr std::array<std::string_view, 4> names{"pass", "warn", "fail", "skip"};
  return names[static_cast<std::size_t>(outcome)];
}

Finding failed(Error cause, std::string next) {
  if (!next.empty()) {
    cause.next = std::move(next);
  }
  return failed(std::move(cause));
}

std::string command(const Evidence& evidence, std::string_view words) {
  return evidence.profile == environment_profile
             ? fmt::format("atlink {}", words)
             : fmt::format("atlink {} --profile {}", words, evidence.profile);
}

std::string change(const Evidence& evidence,
                   std::string_view option,
                   std::string_view variable,
                   std::string_view value) {
  const bool from_environment =
      evidence.profile == environment_profile || evidence.variables.contains(std::string(variable));
  return from_environment && !variable.empty()
             ? fmt::format("set the variable {} to {}", variable, shell_word(value))
             : fmt::format(
                   "atlink profile set {} {} {}", evidence.profile, option, shell_word(value));
}

std::string change_base(const Evidence& evidence, const BaseUrl& base) {
  const std::string text = change(evidence, "--url", "ATLINK_URL", base.site().origin());
  const std::string_view context = base.context_path();
  return text.rfind("set ", 0) == 0
             ? fmt::format("set the variable ATLINK_URL to {}", shell_word(base.str()))
             : fmt::format("{} --context-path {}", text, shell_word(context));
}

std::optional<Compared> compare_base_strings(const Evidence& evidence) {
  for (const Seen& seen : evidence.seen) {
    if (!seen.problem || !seen.problem->base_string || seen.base_string.empty()) {
      continue;
    }
    const std::string& theirs = *seen.problem->base_string;
    Compared compared;
    compared.difference = oauth1::first_difference(seen.base_string, theirs);
    compared.asked = seen.url;
    compared.server_base = base_in(evidence, url_in(seen.base_string), url_in(theirs));
    return compared;
  }
  return std::nullopt;
}

std::optional<std::int64_t> clock_skew(const Evidence& evidence) {
  std::optional<std::int64_t> by_date;
  for (const Seen& seen : evidence.seen) {
    if (seen.told_skew) {
      return seen.told_skew;
    }
    by_date = by_date ? by_date : seen.date_skew;
  }
  return by_date;
}

const plugins::Found* found_here(const Evidence& evidence) {
  if (!evidence.detection) {
    return nullptr;
  }
  const auto& found = evidence.detection->found;
  const auto at = std::find_if(found.begin(), found.end(), [&](const plugins::Found& each) {
    return each.certain && each.base == *evidence.base;
  });
  return at == found.end() ? nullptr : &*at;
}

}  // namespace atlink::cli::doctor
