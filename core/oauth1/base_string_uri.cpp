// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "core/text/ascii.h"

#include <algorithm>

namespace atlink::oauth1 {

namespace {

tl::unexpected<Error> refuse(std::string_view why) {
  return fail(ErrorCode::url_invalid,
              "the URL cannot be signed: " + std::string(why),
              "write the whole URL, for example https://site.example/acme");
}

bool has_unsendable(std::string_view url) {
  // Without a way out of the loop, so that the compiler takes many bytes at a time.
  unsigned found = 0;
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    found |= static_cast<unsigned>(byte <= 0x20) | static_cast<unsigned>(byte == 0x7F);
  }
  return found != 0;
}

void append_lower(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out += text;
  for (std::size_t i = begin; i < out.size(); ++i) {
    out[i] = text::lower(out[i]);
  }
}

/// Where the host ends in "host:port" or "[::1]:port"; none where brackets do not match.
std::optional<std::size_t> host_size(std::string_view authority) {
  if (!authority.starts_with('[')) {
    return std::min(authority.find(':'), authority.size());
  }
  const std::size_t bracket = authority.find(']');
  if (bracket == std::string_view::npos ||
      (bracket + 1 != authority.size() && authority[bracket + 1] != ':')) {
    return std::nullopt;
  }
  return bracket + 1;
}

/// Appends ":port" where RFC 5849 section 3.4.1.2 keeps it: not the scheme's default, not empty.
bool append_port(std::string& uri, std::string_view digits, int default_port) {
  if (digits.empty()) {
    return true;
  }
  const auto port = text::read_number(digits, 65535);
  if (!port.has_value() || *port == 0) {
    return false;
  }
  if (*port != default_port) {
    uri += ':';
    uri += std::to_string(*port);
  }
  return true;
}

}  // namespace

Result<std::string> base_string_uri(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return refuse("it has no scheme");
  }
  if (has_unsendable(url)) {
    return refuse("it holds a space or a control character");
  }
  std::string uri;
  uri.reserve(url.size() + 1);
  append_lower(uri, url.substr(0, scheme));
  if (uri != "http" && uri != "https") {
    return refuse("its scheme is neither http nor https");
  }
  const int default_port = uri == "https" ? 443 : 80;
  uri += "://";
  std::string_view rest = url.substr(scheme + 3);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  // User information is no part of the Host header, which is what section 3.4.1.2 takes.
  authority.remove_prefix(authority.rfind('@') + 1);
  const auto host = host_size(authority);
  if (!host.has_value() || *host == 0) {
    return refuse("it names no host");
  }
  append_lower(uri, authority.substr(0, *host));
  const std::string_view port = authority.substr(std::min(*host + 1, authority.size()));
  if (!append_port(uri, port, default_port)) {
    return refuse("its port is not a number from 1 to 65535");
  }
  const std::string_view path = rest.substr(0, rest.find_first_of("?#"));
  uri += path.empty() ? "/" : path;
  return uri;
}

}  // namespace atlink::oauth1
