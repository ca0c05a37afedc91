// SPDX-License-Identifier: Apache-2.0
#include "core/http/redact.h"

#include "atlink/scrub.h"
#include "atlink/text.h"

#include <algorithm>
#include <array>

namespace atlink::http {

namespace {

/// A name that has one of these in it, in any case, is secret.
constexpr std::array<std::string_view, 13> parts{"token",
                                                 "secret",
                                                 "passw",
                                                 "signature",
                                                 "session",
                                                 "credential",
                                                 "authori",
                                                 "cookie",
                                                 "jwt",
                                                 "verifier",
                                                 "api_key",
                                                 "api-key",
                                                 "apikey"};

/// And so is one that is one of these.
constexpr std::array<std::string_view, 5> names{"code", "key", "sig", "sid", "pwd"};

/// Names that only sound secret: what they hold is needed to understand an answer.
constexpr std::array<std::string_view, 3> open_names{
    "oauth_signature_method", "token_type_hint", "key"};

}  // namespace

bool is_secret_name(std::string_view name) {
  const std::string lowered = to_lower(name);
  const bool has_part = std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return lowered.find(part) != std::string::npos;
  });
  return has_part || std::find(names.begin(), names.end(), lowered) != names.end();
}

std::string shown_url(const Url& url) {
  std::string shown(url.origin());
  shown += url.path().substr(0, url.path().find(";jsessionid="));
  if (!url.query()) {
    return printable(shown);
  }
  shown += '?';
  std::string_view query = *url.query();
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view piece = query.substr(0, end);
    const std::size_t equals = piece.find('=');
    const std::string_view name = piece.substr(0, equals);
    const bool hidden = equals != std::string_view::npos && is_secret_name(percent_decode(name));
    shown += hidden ? std::string(name) + "=(hidden)" : std::string(piece);
    query.remove_prefix(end);
    if (!query.empty()) {
      shown += '&';
      query.remove_prefix(1);
    }
  }
  return printable(shown);
}

}  // namespace atlink::http

namespace atlink {

bool holds_secret(std::string_view name) {
  return http::is_secret_name(name) &&
         std::find(http::open_names.begin(), http::open_names.end(), name) ==
             http::open_names.end();
}

}  // namespace atlink
