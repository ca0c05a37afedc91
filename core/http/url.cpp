// SPDX-License-Identifier: Apache-2.0
#include "atlink/url.h"

#include "atlink/text.h"
#include "core/http/host.h"
#include "core/text/ascii.h"

#include <fmt/format.h>

namespace atlink {

namespace {

constexpr std::string_view unwise = "\"<>\\^`{|}";

tl::unexpected<Error> refuse(std::string message, std::string next = {}) {
  return fail(ErrorCode::url_invalid, std::move(message), std::move(next));
}

bool is_percent_triple(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text::hex_value(text[at + 1]) >= 0 &&
         text::hex_value(text[at + 2]) >= 0;
}

/// Refuses what may stand nowhere in a URL. The host's own rules come later; it says better what
/// to do about a name that is not ASCII.
Status check_characters(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      return refuse(fmt::format("the URL has a character beyond ASCII at position {}", i + 1),
                    "percent-encode it as UTF-8");
    }
    if (byte <= 0x20 || byte == 0x7F) {
      return refuse(
          fmt::format(
              "the URL has a {} at position {}", c == ' ' ? "space" : "control character", i + 1),
          c == ' ' ? "write a space as %20" : "");
    }
    if (unwise.find(c) != std::string_view::npos) {
      return refuse(fmt::format("the URL has a \"{}\" at position {}", c, i + 1),
                    fmt::format("write it as {}", percent_encode({&c, 1})));
    }
    if (c == '%' && !is_percent_triple(text, i)) {
      return refuse(
          fmt::format("the URL has a percent sign without two hex digits at position {}", i + 1),
          "write a percent sign itself as %25");
    }
    if (c == '#') {
      return refuse(fmt::format("the URL has a fragment (\"#\" at position {})", i + 1),
                    "leave it out, since it is never sent, or write \"#\" as %23");
    }
  }
  return {};
}

struct Authority {
  std::string host;
  std::uint16_t port = 0;
};

Result<std::uint16_t> read_port(std::string_view digits) {
  const auto port = text::read_number(digits, 65535);
  if (!port || *port == 0 || digits.front() == '0') {
    return refuse(
        fmt::format("the port \"{}\" is not a number from 1 to 65535 without leading zeros",
                    printable(digits, 20)));
  }
  return static_cast<std::uint16_t>(*port);
}

Result<Authority> read_authority(std::string_view text, bool https) {
  if (text.find('@') != std::string_view::npos) {
    // Not shown: it may hold a password.
    return refuse("the URL has user information before the host",
                  "leave the name and password out of the URL");
  }
  const std::size_t host_end = text.substr(0, 1) == "[" ? text.rfind(']') : 0;
  const std::size_t colon = text.find(':', host_end);
  Authority authority;
  authority.port = https ? 443 : 80;
  if (colon != std::string_view::npos) {
    ATLINK_ASSIGN(authority.port, read_port(text.substr(colon + 1)));
  }
  ATLINK_ASSIGN(authority.host, http::canonical_host(text.substr(0, colon)));
  return authority;
}

/// The length of "http://" or "https://" at the front, in any case; 0 for any other.
std::size_t scheme_length(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equals_ignoring_case(text.substr(0, scheme.size()), scheme)) {
      return scheme.size();
    }
  }
  return 0;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  const std::size_t host_begin = scheme_length(text);
  if (host_begin == 0) {
    return refuse("the URL does not begin with http:// or https://",
                  "write the whole URL, for example https://site.example/acme");
  }
  const std::size_t end = std::min(text.find_first_of("/?#", host_begin), text.size());
  Url url;
  url.https_ = host_begin == 8;
  ATLINK_ASSIGN(const Authority authority,
                read_authority(text.substr(host_begin, end - host_begin), url.https_));
  ATLINK_CHECK(check_characters(text, end));

  url.port_ = authority.port;
  url.text_ = fmt::format("{}://{}", url.scheme(), authority.host);
  url.host_begin_ = host_begin;
  url.host_end_ = url.text_.size();
  if (url.port_ != (url.https_ ? 443 : 80)) {
    url.text_ += fmt::format(":{}", url.port_);
  }
  url.origin_end_ = url.text_.size();
  const std::string_view rest = text.substr(end);
  if (rest.empty() || rest.front() != '/') {
    url.text_ += '/';
  }
  url.text_ += rest;
  url.path_end_ = std::min(url.text_.find('?', url.origin_end_), url.text_.size());
  return url;
}

std::string_view Url::host() const {
  return std::string_view(text_).substr(host_begin_, host_end_ - host_begin_);
}

std::string_view Url::origin() const {
  return std::string_view(text_).substr(0, origin_end_);
}

std::string_view Url::path() const {
  return std::string_view(text_).substr(origin_end_, path_end_ - origin_end_);
}

std::optional<std::string_view> Url::query() const {
  if (path_end_ == text_.size()) {
    return std::nullopt;
  }
  return std::string_view(text_).substr(path_end_ + 1);
}

std::string_view Url::target() const {
  return std::string_view(text_).substr(origin_end_);
}

bool Url::is_loopback() const {
  return http::is_loopback_host(host());
}

Result<Url> Url::with_query(std::string_view more) const {
  if (more.empty()) {
    return *this;
  }
  const auto old = query();
  const std::string_view joint = !old ? "?" : (old->empty() ? "" : "&");
  return parse(fmt::format("{}{}{}", text_, joint, more));
}

}  // namespace atlink
