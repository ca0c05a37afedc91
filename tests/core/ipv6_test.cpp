// SPDX-License-Identifier: Apache-2.0
#include "core/http/ipv6.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include <arpa/inet.h>

TEST_SUITE_BEGIN("core/http");

using atlink::http::format_ipv6;
using atlink::http::Ipv6;
using atlink::http::parse_ipv6;

namespace {

/// What the C library says: the address in its own writing, or "" for none.
std::string by_libc(const std::string& text) {
  in6_addr bytes{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  const bool good = inet_pton(AF_INET6, text.c_str(), &bytes) == 1 &&
                    inet_ntop(AF_INET6, &bytes, out.data(), out.size()) != nullptr;
  return good ? out.data() : "";
}

std::string by_us(const std::string& text) {
  const auto address = parse_ipv6(text);
  return address ? format_ipv6(*address) : "";
}

}  // namespace

TEST_CASE("ipv6: written forms agree with the C library's") {
  for (const char* text : {"::",
                           "::1",
                           "1::",
                           "1::8",
                           "2001:DB8:0:0:1:0:0:1",
                           "2001:db8:0:1:1:1:1:1",
                           "0:0:0:0:0:0:0:0",
                           "1:2:3:4:5:6:7:8",
                           "1:2:3:4:5:6:7::",
                           "::2:3:4:5:6:7:8",
                           "::ffff:1.2.3.4",
                           "64:ff9b::1.2.3.4",
                           "1:2:3:4:5:6:1.2.3.4",
                           "0001:0:0:2:0:0:0:3"}) {
    CAPTURE(text);
    CHECK_FALSE(by_us(text).empty());
    CHECK(by_us(text) == by_libc(text));
  }
}

TEST_CASE("ipv6: what is no address is none here and there") {
  for (const char* text : {"",
                           ":",
                           ":::",
                           "1",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1::",
                           ":1::2",
                           "1::2:",
                           "12345::",
                           "g::",
                           "::1.2.3",
                           "::1.2.3.256",
                           "::1.2.3.04",
                           "1.2.3.4::",
                           "1.2.3.4",
                           "::1.2.3.4:5",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1 ",
                           "-1::"}) {
    CAPTURE(text);
    CHECK(by_us(text).empty());
    CHECK(by_libc(text).empty());
  }
}

TEST_CASE("ipv6: random addresses with many zeros agree with the C library") {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    Ipv6 address{};
    for (auto& group : address) {
      group = random() % 2 == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(random());
    }
    // The C library writes the obsolete IPv4-compatible form with dots, RFC 5952 does not ask so.
    address[0] = static_cast<std::uint16_t>(address[0] | 0x100U);
    const std::string text = format_ipv6(address);
    CHECK(text == by_libc(text));
    CHECK(parse_ipv6(text) == address);
  }
}

TEST_SUITE_END();
