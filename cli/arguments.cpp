// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace atlink::cli {

void Arguments::add(std::string_view name, std::string value) {
  given_.emplace_back(name, std::move(value));
}

bool Arguments::has(std::string_view name) const {
  return std::any_of(
      given_.begin(), given_.end(), [name](const auto& each) { return each.first == name; });
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = std::find_if(
      given_.rbegin(), given_.rend(), [name](const auto& each) { return each.first == name; });
  if (found == given_.rend()) {
    return std::nullopt;
  }
  return found->second;
}

std::string Arguments::text(std::string_view name) const {
  return value(name).value_or(std::string());
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [given, value] : given_) {
    if (given == name) {
      found.push_back(value);
    }
  }
  return found;
}

Result<std::int64_t> Arguments::integer(std::string_view name,
                                        std::int64_t low,
                                        std::int64_t high,
                                        std::int64_t otherwise) const {
  const std::optional<std::string> given = value(name);
  if (!given) {
    return otherwise;
  }
  std::int64_t number = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, problem] = std::from_chars(given->data(), end, number);
  if (problem != std::errc() || stop != end || number < low || number > high) {
    return fail(ErrorCode::usage,
                fmt::format("{} takes a whole number from {} to {}, not \"{}\"",
                            name,
                            low,
                            high,
                            printable(*given)));
  }
  return number;
}

Result<std::pair<std::string, std::string>> split_pair(std::string_view option,
                                                       std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return fail(ErrorCode::usage,
                fmt::format("{} takes NAME=VALUE, not \"{}\"", option, printable(text, 80)));
  }
  return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

}  // namespace atlink::cli
