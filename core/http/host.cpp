// SPDX-License-Identifier: Apache-2.0
#include "core/http/host.h"

#include "atlink/text.h"
#include "core/http/ipv6.h"
#include "core/text/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace atlink::http {

namespace {

tl::unexpected<Error> refuse(std::string_view host, std::string_view why, std::string next = {}) {
  return fail(ErrorCode::url_invalid,
              fmt::format("the host \"{}\" {}", printable(host, 120), why),
              std::move(next));
}

std::vector<std::string_view> split_labels(std::string_view name) {
  std::vector<std::string_view> labels;
  while (true) {
    const std::size_t dot = name.find('.');
    labels.push_back(name.substr(0, dot));
    if (dot == std::string_view::npos) {
      return labels;
    }
    name.remove_prefix(dot + 1);
  }
}

/// What some resolvers read as (part of) a number: decimal or 0x digits.
bool looks_numeric(std::string_view label) {
  if (label.size() >= 2 && label[0] == '0' && text::lower(label[1]) == 'x') {
    label.remove_prefix(2);
    return std::all_of(label.begin(), label.end(), [](char c) { return text::hex_value(c) >= 0; });
  }
  return !label.empty() && std::all_of(label.begin(), label.end(), text::is_digit);
}

bool is_dotted_ipv4(const std::vector<std::string_view>& labels) {
  return labels.size() == 4 &&
         std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
           const bool leading_zero = label.size() > 1 && label[0] == '0';
           return !leading_zero && text::read_number(label, 255).has_value();
         });
}

bool is_name_character(char c) {
  return text::is_alnum(c) || c == '-' || c == '_';
}

std::optional<std::string_view> problem_of_label(std::string_view label) {
  if (label.empty()) {
    return "has an empty part";
  }
  if (label.size() > 63) {
    return "has a part of more than 63 characters";
  }
  if (!std::all_of(label.begin(), label.end(), is_name_character)) {
    return "has a character that no host name has";
  }
  return std::nullopt;
}

Result<std::string> canonical_name(std::string_view host) {
  const bool ascii = std::all_of(
      host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    return refuse(host, "is not ASCII", "write the host in its xn-- form");
  }
  if (host.size() > 253) {
    return refuse(host, "has more than 253 characters");
  }
  if (!host.empty() && host.back() == '.') {
    return refuse(host, "ends in a dot", "leave the last dot out");
  }
  const auto labels = split_labels(host);
  for (const std::string_view label : labels) {
    if (const auto problem = problem_of_label(label)) {
      return refuse(host, *problem);
    }
  }
  if (looks_numeric(labels.back()) && !is_dotted_ipv4(labels)) {
    return refuse(host,
                  "is a number, but no plain IPv4 address",
                  "write the address as four decimal numbers, for example 127.0.0.1");
  }
  return to_lower(host);
}

Result<std::string> canonical_ipv6(std::string_view host) {
  const std::string_view address = host.substr(1, host.size() - 2);
  if (address.find('%') != std::string_view::npos) {
    return refuse(host, "has an IPv6 zone, which cannot be signed");
  }
  const auto groups = parse_ipv6(address);
  if (!groups) {
    return refuse(host, "is no IPv6 address");
  }
  return fmt::format("[{}]", format_ipv6(*groups));
}

}  // namespace

Result<std::string> canonical_host(std::string_view host) {
  if (host.empty()) {
    return fail(ErrorCode::url_invalid, "the URL has no host");
  }
  if (host.front() == '[') {
    if (host.back() != ']') {
      return refuse(host, "has no closing bracket");
    }
    return canonical_ipv6(host);
  }
  return canonical_name(host);
}

bool is_loopback_host(std::string_view host) {
  constexpr std::string_view name = "localhost";
  constexpr std::string_view below = ".localhost";
  if (host == "[::1]" || host == name) {
    return true;
  }
  if (host.size() > below.size() && host.substr(host.size() - below.size()) == below) {
    return true;
  }
  const auto labels = split_labels(host);
  return is_dotted_ipv4(labels) && labels.front() == "127";
}

}  // namespace atlink::http
