// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/proxy_failures.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>

namespace atlink::wire {

namespace {

/// Whether a proxy's status is about who asks. Some answer a wrong password with 401.
bool is_about_password(int status) {
  return status == 407 || status == 401;
}

/// Whether it is about the site that the proxy was to reach. Some say 500 of a name that is not
/// known.
bool is_about_site(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

std::string named(const ProxyServer& proxy) {
  return fmt::format("the proxy {} ({})", proxy.url(), printable(proxy.from, 80));
}

std::string target(const Ended& ended) {
  const Url& url = ended.exchange.request.url;
  return fmt::format("{}:{}", url.host(), url.port());
}

Error tagged(Error error, const ProxyServer& proxy, std::string reason) {
  return std::move(error).with("proxy", proxy.url()).with("reason", std::move(reason));
}

Error unreachable(const ProxyServer& proxy, std::string_view why, std::string reason) {
  return tagged(make_error(ErrorCode::network_proxy_unreachable,
                           fmt::format("{} cannot be reached: {}", named(proxy), why),
                           "check the proxy's host and port where they are set, and that it runs"),
                proxy,
                std::move(reason));
}

Error not_let_in(const ProxyServer& proxy) {
  if (proxy.user.empty()) {
    return tagged(make_error(ErrorCode::network_proxy_auth,
                             fmt::format("{} wants a user name and password", named(proxy)),
                             "put the name into the proxy's URL (http://USER@HOST:PORT) and give "
                             "the password: ATLINK_PROXY_PASSWORD, or atlink profile set NAME "
                             "--proxy URL, which asks for it"),
                  proxy,
                  "wanted");
  }
  return tagged(make_error(ErrorCode::network_proxy_auth,
                           fmt::format("{} does not take the password of {}",
                                       named(proxy),
                                       printable(proxy.user, 80)),
                           "give the right one: ATLINK_PROXY_PASSWORD, or atlink profile set NAME "
                           "--proxy URL, which asks for it"),
                proxy,
                "refused");
}

/// What many company networks have: NTLM or Kerberos alone.
Error wants_another_way(const ProxyServer& proxy) {
  return tagged(make_error(ErrorCode::network_proxy_auth,
                           fmt::format("{} does not take a name and password as they are (Basic), "
                                       "and atlink speaks nothing else to a proxy",
                                       named(proxy)),
                           "have whoever runs the proxy allow Basic; or run a small proxy on this "
                           "machine that signs in there (cntlm does for NTLM), and name that one"),
                proxy,
                "scheme");
}

/// Whether the ways to sign in that a proxy offers leave out the one that is spoken here.
bool offers_others_only(const HttpResponseHead& head) {
  const auto ways = head.headers.all("Proxy-Authenticate");
  // Several may stand in one header; that a realm is called so only costs precision.
  const auto names_basic = [](std::string_view way) {
    for (; way.size() >= 5; way.remove_prefix(1)) {
      if (equals_ignoring_case(way.substr(0, 5), "basic")) {
        return true;
      }
    }
    return false;
  };
  return !ways.empty() && std::none_of(ways.begin(), ways.end(), names_basic);
}

bool offers_others_only(const Ended& ended) {
  const long offered = figure<long>(ended.easy, CURLINFO_PROXYAUTH_AVAIL);
  return offered != 0 && (offered & static_cast<long>(CURLAUTH_BASIC)) == 0;
}

Error will_not(const ProxyServer& proxy,
               const std::string& place,
               std::string_view words,
               bool may) {
  return tagged(
      make_error(
          ErrorCode::network_proxy,
          fmt::format("{} makes no connection to {} ({})", named(proxy), place, words),
          may ? "check that host and port of the site are right and the site runs; the proxy "
                "itself answers"
              : "have whoever runs the proxy allow it, or go without the proxy where that is "
                "possible: NO_PROXY, or atlink profile set NAME --no-proxy HOST"),
      proxy,
      may ? "site_unreachable" : "refused");
}

Error speaks_otherwise(const Ended& ended, const ProxyServer& proxy) {
  return tagged(
      make_error(
          ErrorCode::network_proxy,
          fmt::format("what answers at {} is no proxy of that kind{}",
                      named(proxy),
                      ended.detail.empty() ? std::string()
                                           : fmt::format(" ({})", printable(ended.detail, 200))),
          "check the proxy's scheme (http, socks5h), host and port where they are set"),
      proxy,
      "not_a_proxy");
}

/// The answer to CONNECT.
std::optional<Error> of_tunnel(const Ended& ended, const ProxyServer& proxy) {
  const auto status = static_cast<int>(figure<long>(ended.easy, CURLINFO_HTTP_CONNECTCODE));
  if (is_about_password(status)) {
    return offers_others_only(ended) ? wants_another_way(proxy) : not_let_in(proxy);
  }
  if (status >= 200 && status <= 299) {
    return std::nullopt;
  }
  if (status != 0) {
    return will_not(proxy, target(ended), fmt::format("status {}", status), is_about_site(status));
  }
  const bool silent = ended.code == CURLE_OPERATION_TIMEDOUT;
  return silent ? std::nullopt : std::optional(speaks_otherwise(ended, proxy));
}

/// What SOCKS 5 says (RFC 1928 section 6).
std::optional<Error> of_socks(const Ended& ended, const ProxyServer& proxy) {
  if (ended.code != CURLE_PROXY) {
    return std::nullopt;
  }
  switch (figure<long>(ended.easy, CURLINFO_PROXY_ERROR)) {
    case CURLPX_NO_AUTH:
    case CURLPX_USER_REJECTED:
    case CURLPX_IDENTD_DIFFER:
      return not_let_in(proxy);
    case CURLPX_REPLY_NOT_ALLOWED:
      return will_not(proxy, target(ended), "its rules do not allow it", false);
    case CURLPX_REPLY_CONNECTION_REFUSED:
      return will_not(proxy, target(ended), "connection refused", true);
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_TTL_EXPIRED:
      return will_not(proxy, target(ended), "host unreachable", true);
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_REPLY_UNASSIGNED:
      return will_not(proxy, target(ended), "the proxy failed", true);
    case CURLPX_RESOLVE_HOST:
      return std::nullopt;
    default:
      return speaks_otherwise(ended, proxy);
  }
}

std::optional<Error> of_reaching(const Ended& ended, const ProxyServer& proxy) {
  if (ended.code == CURLE_COULDNT_RESOLVE_PROXY) {
    return unreachable(proxy, "its host name cannot be resolved", "name");
  }
  if (ended.code != CURLE_COULDNT_CONNECT) {
    return std::nullopt;
  }
  const int number = static_cast<int>(figure<long>(ended.easy, CURLINFO_OS_ERRNO));
  return unreachable(
      proxy,
      number == 0 ? printable(ended.detail, 200) : std::generic_category().message(number),
      "connection");
}

bool is_own_page(const HttpResponseHead& head) {
  if (head.headers.find("X-Squid-Error")) {
    return true;
  }
  const auto status = head.headers.find("Proxy-Status");
  if (status && status->find("error=") != std::string_view::npos) {
    return true;
  }
  const auto server = head.headers.find("Server");
  return head.status >= 400 && server && server->substr(0, 10) == "tinyproxy/";
}

}  // namespace

std::optional<Error> proxy_failure(const Ended& ended) {
  const ProxyServer* proxy = ended.call.way().proxy;
  if (proxy == nullptr || ended.call.started()) {
    return std::nullopt;
  }
  if (auto error = of_reaching(ended, *proxy)) {
    return error;
  }
  if (proxy->kind != ProxyServer::Kind::http) {
    return of_socks(ended, *proxy);
  }
  return ended.call.way().is_forwarded() ? std::nullopt : of_tunnel(ended, *proxy);
}

Status check_forwarded(const ProxyServer& proxy, const HttpResponseHead& head) {
  const bool own = is_own_page(head);
  if (head.status == 407 || (own && is_about_password(head.status))) {
    return fail(offers_others_only(head) ? wants_another_way(proxy) : not_let_in(proxy));
  }
  if (!own) {
    return {};
  }
  return fail(will_not(
      proxy, "the site", fmt::format("status {}", head.status), is_about_site(head.status)));
}

}  // namespace atlink::wire
