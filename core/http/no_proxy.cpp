// SPDX-License-Identifier: Apache-2.0
#include "atlink/proxy.h"
#include "atlink/text.h"
#include "core/http/ipv6.h"
#include "core/text/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink {

namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::string_view separators = ", \t\r\n";
constexpr std::string_view loopback_word = "<-loopback>";
constexpr unsigned bits_of_byte = 8;

/// The four bytes of a dotted IPv4 address; none of anything else.
Bytes ipv4_bytes(std::string_view text) {
  Bytes bytes;
  for (;;) {
    const std::size_t dot = text.find('.');
    const auto number = text::read_number(text.substr(0, dot), 255);
    if (!number) {
      return {};
    }
    bytes.push_back(static_cast<unsigned char>(*number));
    if (dot == std::string_view::npos) {
      return bytes.size() == 4 ? bytes : Bytes();
    }
    text.remove_prefix(dot + 1);
  }
}

std::string_view without_brackets(std::string_view host) {
  const bool has = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return has ? host.substr(1, host.size() - 2) : host;
}

/// The bytes of an address; none where the host is a name.
Bytes address_bytes(std::string_view host) {
  host = without_brackets(host);
  if (Bytes four = ipv4_bytes(host); !four.empty()) {
    return four;
  }
  Bytes bytes;
  if (const auto groups = http::parse_ipv6(host)) {
    for (const std::uint16_t group : *groups) {
      bytes.push_back(static_cast<unsigned char>(group >> bits_of_byte));
      bytes.push_back(static_cast<unsigned char>(group & 0xffU));
    }
  }
  return bytes;
}

bool same_bits(const Bytes& a, const Bytes& b, unsigned bits) {
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i) {
    const unsigned here = std::min(bits, bits_of_byte);
    const unsigned mask = 0xffU << (bits_of_byte - here);
    if (((a[i] ^ b[i]) & mask & 0xffU) != 0) {
      return false;
    }
    bits -= here;
  }
  return true;
}

bool is_below(std::string_view host, std::string_view domain) {
  const bool longer = host.size() > domain.size() + 1;
  return host == domain || (longer && host.substr(host.size() - domain.size()) == domain &&
                            host[host.size() - domain.size() - 1] == '.');
}

tl::unexpected<Error> bad_item(std::string_view text) {
  return fail(ErrorCode::usage,
              fmt::format("\"{}\" is no host, address or network", printable(text, 80)),
              "write hosts (example.com), addresses, networks (10.0.0.0/8) or *, with :PORT where "
              "only that port is meant, and commas in between");
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

/// Where the port's colon is; none inside an IPv6 address.
std::size_t port_colon(std::string_view text) {
  const std::size_t bracket = text.rfind(']');
  if (bracket != std::string_view::npos) {
    return text.find(':', bracket);
  }
  const std::size_t first = text.find(':');
  return first == text.rfind(':') ? first : std::string_view::npos;
}

}  // namespace

Result<NoProxy::Item> NoProxy::read_item(std::string_view text) {
  Item item;
  std::string_view rest = text;
  if (const std::size_t colon = port_colon(rest); colon != std::string_view::npos) {
    const auto port = text::read_number(rest.substr(colon + 1), 65535);
    if (!port || *port == 0) {
      return bad_item(text);
    }
    item.port = static_cast<std::uint16_t>(*port);
    rest = rest.substr(0, colon);
  }
  const std::size_t slash = rest.find('/');
  item.bytes = address_bytes(rest.substr(0, slash));
  const auto most = static_cast<unsigned>(item.bytes.size()) * bits_of_byte;
  item.bits = most;
  if (slash != std::string_view::npos) {
    const auto bits = text::read_number(rest.substr(slash + 1), static_cast<int>(most));
    if (!bits || item.bytes.empty()) {
      return bad_item(text);
    }
    item.bits = static_cast<unsigned>(*bits);
  }
  if (item.bytes.empty()) {
    rest.remove_prefix(rest.substr(0, 2) == "*." ? 2 : rest.substr(0, 1) == "." ? 1 : 0);
    rest.remove_suffix(!rest.empty() && rest.back() == '.' ? 1 : 0);
    item.host = in_lower_case(rest);
    if (rest.empty() || rest.find_first_of("/*@<>[]") != std::string_view::npos) {
      return bad_item(text);
    }
  }
  return item;
}

Result<NoProxy> NoProxy::read(std::string_view list) {
  NoProxy read;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(separators), list.size());
    const std::string_view text = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (text == "*") {
      read.everything_ = true;
    } else if (text == loopback_word) {
      read.loopback_too_ = true;
    } else if (!text.empty()) {
      ATLINK_ASSIGN(read.items_.emplace_back(), read_item(text));
    }
  }
  return read;
}

bool NoProxy::fits(const Item& item, const Url& url) {
  if (item.port != 0 && item.port != url.port()) {
    return false;
  }
  if (!item.bytes.empty()) {
    return same_bits(address_bytes(url.host()), item.bytes, item.bits);
  }
  if (!address_bytes(url.host()).empty()) {
    return false;  // nothing is below a name that ends as an address does
  }
  std::string_view host = url.host();
  host.remove_suffix(host.back() == '.' ? 1 : 0);
  return is_below(host, item.host);
}

bool NoProxy::holds(const Url& url) const {
  if (everything_ || (url.is_loopback() && !loopback_too_)) {
    return true;
  }
  return std::any_of(
      items_.begin(), items_.end(), [&url](const Item& item) { return fits(item, url); });
}

void NoProxy::add(const NoProxy& other) {
  items_.insert(items_.end(), other.items_.begin(), other.items_.end());
  everything_ = everything_ || other.everything_;
  loopback_too_ = loopback_too_ || other.loopback_too_;
}

}  // namespace atlink
