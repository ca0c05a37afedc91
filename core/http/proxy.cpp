// SPDX-License-Identifier: Apache-2.0
#include "atlink/proxy.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace atlink {

namespace {

constexpr std::uint16_t socks_port = 1080;

struct Scheme {
  std::string_view name;
  ProxyServer::Kind kind;
};

constexpr std::array schemes{Scheme{"http", ProxyServer::Kind::http},
                             Scheme{"socks5h", ProxyServer::Kind::socks5h},
                             Scheme{"socks5", ProxyServer::Kind::socks5}};

std::string_view scheme_of(ProxyServer::Kind kind) {
  for (const Scheme& each : schemes) {
    if (each.kind == kind) {
      return each.name;
    }
  }
  return "";
}

/// Never with the text, which may hold a password.
tl::unexpected<Error> refuse(std::string_view from, std::string_view why) {
  return fail(
      ErrorCode::usage,
      fmt::format("the proxy of {} cannot be used: {}", from, why),
      "write it as http://HOST:PORT or socks5h://HOST:PORT, with USER@ in front of the host "
      "where the proxy wants a name");
}

Result<ProxyServer::Kind> read_scheme(std::string_view scheme, std::string_view from) {
  for (const Scheme& each : schemes) {
    if (equals_ignoring_case(scheme, each.name)) {
      return each.kind;
    }
  }
  return refuse(from,
                equals_ignoring_case(scheme, "https")
                    ? "TLS to the proxy itself is not spoken here"
                    : "its scheme is neither http nor socks5h nor socks5");
}

void read_user(std::string_view text, ProxyServer& proxy) {
  const std::size_t colon = text.find(':');
  proxy.user = percent_decode(text.substr(0, colon));
  if (colon != std::string_view::npos) {
    std::string password = percent_decode(text.substr(colon + 1));
    proxy.password = std::make_shared<const Secret>(Secret::take(password));
  }
}

/// The variable that counts and what it says; a name in front counts more.
struct Setting {
  std::string name;
  std::string value;
};

std::optional<Setting> first_of(const Environment& environment,
                                std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = environment.get(name); value && !trim(*value).empty()) {
      return Setting{name, *std::move(value)};
    }
  }
  return std::nullopt;
}

tl::unexpected<Error> of_environment(Error error) {
  error.code = ErrorCode::profile_invalid;
  return fail(std::move(error));
}

Status read_into(std::optional<ProxyServer>& proxy, std::optional<Setting> setting) {
  if (!setting) {
    return {};
  }
  auto read = read_proxy(setting->value, setting->name);
  wipe_memory(setting->value.data(), setting->value.size());
  if (!read) {
    return of_environment(std::move(read).error());
  }
  proxy = *std::move(read);
  return {};
}

}  // namespace

std::string ProxyServer::url() const {
  return fmt::format("{}://{}:{}", scheme_of(kind), host, port);
}

std::string ProxyServer::url_with_user() const {
  return user.empty()
             ? url()
             : fmt::format("{}://{}@{}:{}", scheme_of(kind), percent_encode(user), host, port);
}

Result<ProxyServer> read_proxy(std::string_view text, std::string from) {
  text = trim(text);
  ProxyServer proxy;
  const std::size_t separator = text.find("://");
  if (separator != std::string_view::npos) {
    ATLINK_ASSIGN(proxy.kind, read_scheme(text.substr(0, separator), from));
    text.remove_prefix(separator + 3);
  }
  text = text.substr(0, text.find_first_of("/?#", text.rfind('@') + 1));
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    read_user(text.substr(0, at), proxy);
    text.remove_prefix(at + 1);
  }
  const auto url = Url::parse(fmt::format("http://{}/", text));
  if (!url) {
    return refuse(from, url.error().message);
  }
  const bool says_port = text.find(':', text.rfind(']') + 1) != std::string_view::npos;
  proxy.host = std::string(url->host());
  proxy.port = says_port || proxy.kind == ProxyServer::Kind::http ? url->port() : socks_port;
  proxy.from = std::move(from);
  return proxy;
}

const ProxyServer* ProxyRules::proxy_for(const Url& url) const {
  const auto& proxy = url.is_https() ? for_https : for_http;
  return !proxy || except.holds(url) ? nullptr : &*proxy;
}

Result<ProxyRules> proxies_from(const Environment& environment) {
  ProxyRules rules;
  ATLINK_CHECK(
      read_into(rules.for_https,
                first_of(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})));
  ATLINK_CHECK(
      read_into(rules.for_http, first_of(environment, {"http_proxy", "all_proxy", "ALL_PROXY"})));
  if (const auto list = first_of(environment, {"no_proxy", "NO_PROXY"})) {
    auto read = NoProxy::read(list->value);
    if (!read) {
      Error error = std::move(read).error();
      error.message = fmt::format("{}: {}", list->name, error.message);
      return of_environment(std::move(error));
    }
    rules.except = *std::move(read);
  }
  return rules;
}

}  // namespace atlink
