// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::http {

/// The eight 16-bit groups of an IPv6 address, the first one first.
using Ipv6 = std::array<std::uint16_t, 8>;

/// Reads an address in any form of RFC 4291 section 2.2, a dotted IPv4 tail included; no zone, no
/// brackets. None for anything else.
[[nodiscard]] std::optional<Ipv6> parse_ipv6(std::string_view text);

/// Writes it as RFC 5952 sections 4 and 5 recommend: lower case, no leading zeros, the first
/// longest run of two or more zero groups shortened, and IPv4-mapped addresses with a dotted tail.
[[nodiscard]] std::string format_ipv6(const Ipv6& address);

}  // namespace atlink::http
