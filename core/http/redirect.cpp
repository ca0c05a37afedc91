// SPDX-License-Identifier: Apache-2.0
#include "core/http/redirect.h"

#include "atlink/text.h"
#include "core/http/redact.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink::http {

namespace {

/// RFC 5849 section 3.1: what we may have put into the query ourselves.
bool is_protocol_parameter(std::string_view name) {
  constexpr std::array<std::string_view, 7> names{"oauth_consumer_key",
                                                  "oauth_token",
                                                  "oauth_signature_method",
                                                  "oauth_signature",
                                                  "oauth_timestamp",
                                                  "oauth_nonce",
                                                  "oauth_version"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string method_after(int status, std::string_view method) {
  const bool to_get =
      (status == 303 && method != "HEAD") || ((status == 301 || status == 302) && method == "POST");
  return std::string(to_get ? "GET" : method);
}

Status check_schemes(const Url& from, const Url& to) {
  if (from.is_https() && !to.is_https()) {
    return refuse_redirect(
        fmt::format("{} redirects from https to plain http, to {}", shown_url(from), shown_url(to)),
        "a server that does this usually sits behind a proxy without knowing its own "
        "address; tell its administrator");
  }
  if (!from.is_https() && to.is_https() && from.host() == to.host()) {
    return refuse_redirect(
        fmt::format("{} redirects to https", shown_url(from)),
        fmt::format("give the profile the URL that begins with {}", to.origin()));
  }
  return {};
}

}  // namespace

Result<Url> without_oauth(const Url& url) {
  if (!url.query()) {
    return url;
  }
  std::string kept;
  bool dropped = false;
  std::string_view rest = *url.query();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (is_protocol_parameter(percent_decode(piece.substr(0, piece.find('='))))) {
      dropped = true;
      continue;
    }
    kept += fmt::format("{}{}", kept.empty() ? "" : "&", piece);
  }
  if (!dropped) {
    return url;
  }
  return Url::parse(
      fmt::format("{}{}{}{}", url.origin(), url.path(), kept.empty() ? "" : "?", kept));
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

tl::unexpected<Error> refuse_redirect(std::string message, std::string next) {
  if (next.empty()) {
    next =
        "check the base URL, and what stands in front of the site: a login or a proxy may have "
        "answered instead of it";
  }
  return fail(ErrorCode::answer_redirect, std::move(message), std::move(next));
}

Result<Redirect> follow(const HttpResponseHead& head, const Url& url, std::string_view method) {
  const auto location = head.headers.find("Location");
  if (!location) {
    return refuse_redirect(fmt::format(
        "{} answers {} without saying where to go (no Location)", shown_url(url), head.status));
  }
  const auto target = url.resolve(*location);
  if (!target) {
    return refuse_redirect(fmt::format("{} redirects to what is no address to follow: {}",
                                       shown_url(url),
                                       target.error().message));
  }
  ATLINK_CHECK(check_schemes(url, *target));
  ATLINK_ASSIGN(Url clean, without_oauth(*target));
  Redirect redirect{method_after(head.status, method), std::move(clean), false};
  redirect.keeps_body = redirect.method == method;
  return redirect;
}

}  // namespace atlink::http
