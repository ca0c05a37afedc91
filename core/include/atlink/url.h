// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atlink {

/// An absolute http or https URL that can be signed and put on the wire unchanged: printable ASCII,
/// scheme and host in lower case, the port only where it is not the scheme's default, a path that
/// begins with "/", no user information, no fragment (RFC 3986; RFC 5849 section 3.4.1.2).
class ATLINK_API Url {
 public:
  /// Reads `text`. Letters of scheme and host are lowered, a default port is dropped, an empty path
  /// becomes "/"; path and query stay byte for byte. Refused with `url_invalid`, saying where:
  /// another scheme, user information, a fragment, a space, control or non-ASCII character, a
  /// percent sign that two hex digits do not follow, characters of RFC 3986's "unwise" set
  /// (`"<>\^`{|}`), an empty or malformed host, a numeric host that is not a plain dotted IPv4
  /// address (127.1, 0x7f000001), an IPv6 zone, a port outside 1 to 65535 or with leading zeros.
  /// IPv6 hosts keep their brackets and are written as RFC 5952 wants.
  [[nodiscard]] static Result<Url> parse(std::string_view text);

  /// The whole URL, as signed and sent.
  [[nodiscard]] const std::string& str() const { return text_; }

  [[nodiscard]] bool is_https() const { return https_; }

  [[nodiscard]] std::string_view scheme() const { return https_ ? "https" : "http"; }

  /// Host without port; an IPv6 address in brackets.
  [[nodiscard]] std::string_view host() const;

  /// The port that is connected to, default ports included.
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Scheme, host and port if not the default: "https://site.example:8443".
  [[nodiscard]] std::string_view origin() const;

  /// The encoded path, never empty.
  [[nodiscard]] std::string_view path() const;

  /// The encoded query without "?"; none and empty are different.
  [[nodiscard]] std::optional<std::string_view> query() const;

  /// Path and query as in the request line.
  [[nodiscard]] std::string_view target() const;

  /// Whether the host is 127.0.0.0/8, [::1] or localhost (and names below .localhost).
  [[nodiscard]] bool is_loopback() const;

  [[nodiscard]] bool same_origin(const Url& other) const { return origin() == other.origin(); }

  /// Resolves a Location header against this URL (RFC 3986 section 5.2). Fails with `url_invalid`.
  [[nodiscard]] Result<Url> resolve(std::string_view reference) const;

  /// The same URL with `more` (already encoded, without "?") added to its query.
  [[nodiscard]] Result<Url> with_query(std::string_view more) const;

  friend bool operator==(const Url& a, const Url& b) { return a.text_ == b.text_; }

 private:
  Url() = default;
  std::string text_;
  std::size_t host_begin_ = 0;
  std::size_t host_end_ = 0;
  std::size_t origin_end_ = 0;
  std::size_t path_end_ = 0;
  std::uint16_t port_ = 0;
  bool https_ = false;
};

/// Percent-encodes everything but RFC 3986's unreserved characters; upper-case hex (RFC 5849 3.6).
[[nodiscard]] ATLINK_API std::string percent_encode(std::string_view bytes);

/// Undoes percent-encoding; a "%" that two hex digits do not follow stays as it is.
[[nodiscard]] ATLINK_API std::string percent_decode(std::string_view text);

}  // namespace atlink
