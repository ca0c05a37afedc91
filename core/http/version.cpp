// SPDX-License-Identifier: Apache-2.0
#include "atlink/version.h"

#include <algorithm>
#include <cstdint>

namespace atlink {

namespace {

constexpr std::uint64_t largest = std::uint64_t{1} << 40;

/// Takes the number in front of `text` and everything up to the next dot.
std::uint64_t take_number(std::string_view& text) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    number = std::min(number * 10 + static_cast<std::uint64_t>(text[i] - '0'), largest);
  }
  const std::size_t dot = text.find('.');
  text = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  return number;
}

}  // namespace

int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::uint64_t left = take_number(a);
    const std::uint64_t right = take_number(b);
    if (left != right) {
      return left < right ? -1 : 1;
    }
  }
  return 0;
}

bool VersionRange::holds(std::string_view version) const {
  return version.empty() || ((from.empty() || compare_versions(version, from) >= 0) &&
                             (before.empty() || compare_versions(version, before) < 0));
}

}  // namespace atlink
