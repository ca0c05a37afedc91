// SPDX-License-Identifier: Apache-2.0
#include "core/http/ipv6.h"

#include "core/text/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace atlink::http {

namespace {

using Groups = std::vector<std::uint16_t>;

std::optional<std::uint16_t> read_group(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) {
    const int digit = text::hex_value(c);
    if (digit < 0) {
      return std::nullopt;
    }
    value = value * 16 + static_cast<unsigned>(digit);
  }
  const bool fits = !digits.empty() && digits.size() <= 4;
  return fits ? std::optional(static_cast<std::uint16_t>(value)) : std::nullopt;
}

/// Appends the two groups of a dotted IPv4 address; false if it is none.
bool append_ipv4(std::string_view dotted, Groups& groups) {
  std::array<unsigned, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t dot = dotted.find('.');
    const std::string_view part = dotted.substr(0, dot);
    const auto value = text::read_number(part, 255);
    const bool last = i + 1 == bytes.size();
    if (!value || (part.size() > 1 && part[0] == '0') || last != (dot == std::string_view::npos)) {
      return false;
    }
    bytes.at(i) = static_cast<unsigned>(*value);
    dotted.remove_prefix(last ? dotted.size() : dot + 1);
  }
  groups.push_back(static_cast<std::uint16_t>(bytes[0] * 256 + bytes[1]));
  groups.push_back(static_cast<std::uint16_t>(bytes[2] * 256 + bytes[3]));
  return true;
}

/// Groups between colons; only the very last may be a dotted IPv4 address, and only where `tail`.
std::optional<Groups> read_groups(std::string_view text, bool tail) {
  Groups groups;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view piece = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    if (const auto group = read_group(piece)) {
      groups.push_back(*group);
    } else if (!last || !tail || !append_ipv4(piece, groups)) {
      return std::nullopt;
    }
    text.remove_prefix(last ? text.size() : colon + 1);
    if (!last && text.empty()) {
      return std::nullopt;
    }
  }
  return groups;
}

struct Run {
  std::size_t begin = 0;
  std::size_t length = 0;
};

Run longest_zero_run(const Ipv6& address) {
  Run best;
  Run run;
  for (std::size_t i = 0; i < address.size(); ++i) {
    run = address.at(i) != 0 ? Run{i + 1, 0} : Run{run.begin, run.length + 1};
    if (run.length > best.length) {
      best = run;
    }
  }
  return best.length < 2 ? Run{address.size(), 0} : best;
}

}  // namespace

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool whole = gap == std::string_view::npos;
  const auto front = read_groups(text.substr(0, gap), whole);
  const auto back = read_groups(whole ? std::string_view() : text.substr(gap + 2), true);
  if (!front || !back) {
    return std::nullopt;
  }
  Ipv6 address{};
  const std::size_t count = front->size() + back->size();
  // "::" stands for at least one group.
  if (whole ? count != address.size() : count >= address.size()) {
    return std::nullopt;
  }
  std::copy(front->begin(), front->end(), address.begin());
  std::copy_backward(back->begin(), back->end(), address.end());
  return address;
}

std::string format_ipv6(const Ipv6& address) {
  const bool mapped =
      std::all_of(address.begin(), address.begin() + 5, [](auto g) { return g == 0; }) &&
      address[5] == 0xFFFF;
  if (mapped) {
    return fmt::format("::ffff:{}.{}.{}.{}",
                       address[6] / 256,
                       address[6] % 256,
                       address[7] / 256,
                       address[7] % 256);
  }
  const Run run = longest_zero_run(address);
  std::string text;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (i == run.begin) {
      text += "::";
      i += run.length - 1;
      continue;
    }
    const bool colon = !text.empty() && text.back() != ':';
    text += fmt::format("{}{:x}", colon ? ":" : "", address.at(i));
  }
  return text;
}

}  // namespace atlink::http
