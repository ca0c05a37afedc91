// SPDX-License-Identifier: Apache-2.0
#include "cli/time_span.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace atlink::cli {

namespace {

constexpr std::int64_t century = std::int64_t{36525} * 86400;

std::int64_t seconds_in(std::string_view unit) {
  if (unit == "d") {
    return 86400;
  }
  if (unit == "h") {
    return 3600;
  }
  return unit == "m" ? 60 : 0;
}

}  // namespace

Result<std::chrono::seconds> time_span(std::string_view option, std::string_view text) {
  std::int64_t count = 0;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::int64_t unit = seconds_in(text.substr(static_cast<std::size_t>(rest - text.data())));
  if (problem != std::errc() || unit == 0 || count < 0 || count > century / unit) {
    return fail(ErrorCode::usage,
                fmt::format("{} takes a number with d, h or m behind it (days, hours, minutes), "
                            "such as 30d, not \"{}\"",
                            option,
                            printable(text, 80)));
  }
  return std::chrono::seconds(count * unit);
}

}  // namespace atlink::cli
