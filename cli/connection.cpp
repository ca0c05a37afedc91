// SPDX-License-Identifier: Apache-2.0
#include "cli/connection.h"

#include "atlink/kept_secret.h"
#include "atlink/proxy.h"
#include "atlink/text.h"
#include "cli/connection_parts.h"
#include "cli/private_key.h"
#include "cli/session.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

constexpr const char* proxy_password_variable = "ATLINK_PROXY_PASSWORD";

// "none" says that there is none, whatever comes after.
Result<std::optional<ProxyServer>> read_setting(const std::string& text, std::string from) {
  if (text.empty() || text == "none") {
    return std::optional<ProxyServer>();
  }
  ATLINK_ASSIGN(ProxyServer proxy, read_proxy(text, std::move(from)));
  return std::optional<ProxyServer>(std::move(proxy));
}

Result<std::optional<ProxyServer>> read_flag(const std::string& text) {
  ATLINK_ASSIGN(auto proxy, read_setting(text, "--proxy"));
  if (proxy && proxy->password) {
    return fail(ErrorCode::usage,
                "--proxy has a password in its URL, where others on this machine can see it",
                "leave it out (http://USER@HOST:PORT) and give it in ATLINK_PROXY_PASSWORD, or to "
                "atlink profile set, which asks for it");
  }
  return proxy;
}

Error as_setting(Error error) {
  error.code = error.code == ErrorCode::usage ? ErrorCode::profile_invalid : error.code;
  return error;
}

void set_both(ProxyRules& rules, const std::optional<ProxyServer>& proxy) {
  rules.for_http = proxy;
  rules.for_https = proxy;
}

// Flag, environment, profile: the first that says anything counts.
Status choose_proxies(const Call& call, const Profile& profile, ProxyRules& rules) {
  if (const auto flag = call.arguments.value("--proxy")) {
    ATLINK_ASSIGN(const auto proxy, read_flag(*flag));
    set_both(rules, proxy);
    return {};
  }
  if (const auto text = variable(call, "ATLINK_PROXY")) {
    auto proxy = read_setting(*text, "ATLINK_PROXY");
    if (!proxy) {
      return fail(as_setting(std::move(proxy).error()));
    }
    set_both(rules, *proxy);
    return {};
  }
  auto own = read_setting(profile.proxy, fmt::format("profile {}", profile.name));
  if (!own) {
    return fail(as_setting(std::move(own).error()));
  }
  rules.for_http = rules.for_http ? rules.for_http : *own;
  rules.for_https = rules.for_https ? rules.for_https : *own;
  return {};
}

Status find_password(const Call& call,
                     const Profile& profile,
                     bool used,
                     std::optional<ProxyServer>& proxy) {
  if (!proxy || proxy->user.empty() || proxy->password) {
    return {};
  }
  std::optional<Secret> password = given_secret(call, profile, proxy_password_variable);
  if (!password) {
    password = kept_secret(call, profile, KeptSecret::proxy_password, proxy->url_with_user());
  }
  if (!password && used && may_ask(call)) {
    ATLINK_ASSIGN(password,
                  call.app.platform.terminal.ask_secret(fmt::format(
                      "password of {} at {}: ", printable(proxy->user, 80), proxy->url())));
  }
  if (password) {
    proxy->password = std::make_shared<const Secret>(std::move(*password));
  }
  return {};
}

Result<ProxyRules> rules_of(const Call& call, const Profile& profile) {
  ATLINK_ASSIGN(ProxyRules rules, proxies_from(call.app.platform.environment));
  ATLINK_CHECK(choose_proxies(call, profile, rules));
  auto except = NoProxy::read(profile.no_proxy);
  if (!except) {
    return fail(as_setting(std::move(except).error()));
  }
  rules.except.add(*except);
  // A site that is gone to straight needs nobody's password.
  const auto site = Url::parse(profile.site);
  const ProxyServer* used = site ? rules.proxy_for(*site) : nullptr;
  const bool http = rules.for_http && used == &*rules.for_http;
  const bool https = rules.for_https && used == &*rules.for_https;
  ATLINK_CHECK(find_password(call, profile, https, rules.for_https));
  ATLINK_CHECK(find_password(call, profile, http, rules.for_http));
  return rules;
}

// Signatures that are lent go elsewhere by themselves.
bool sends_nothing(const Call& call) {
  return call.arguments.command != nullptr &&
         call.arguments.command->name == std::string_view("sign");
}

Result<std::optional<Secret>> password_to_keep(const Call& call,
                                               CredentialStore& store,
                                               const Profile& profile) {
  ATLINK_ASSIGN(std::optional<Secret> given, secret_in_file(call, "--proxy-secret-file"));
  if (given || !call.arguments.has("--proxy") || profile.proxy.empty()) {
    return given;
  }
  ATLINK_ASSIGN(const auto proxy, read_setting(profile.proxy, "--proxy"));
  const bool known = !proxy || proxy->user.empty() ||
                     given_secret(call, profile, proxy_password_variable).has_value();
  if (known) {
    return given;
  }
  ATLINK_ASSIGN(const auto before,
                load_kept(store, profile.name, KeptSecret::proxy_password, proxy->url_with_user()));
  if (before) {
    return given;
  }
  if (!may_ask(call)) {
    return fail(
        ErrorCode::no_terminal,
        fmt::format(
            "the proxy {} wants the password of {}", proxy->url(), printable(proxy->user, 80)),
        "give --proxy-secret-file FILE, or set ATLINK_PROXY_PASSWORD");
  }
  ATLINK_ASSIGN(given,
                call.app.platform.terminal.ask_secret(fmt::format(
                    "password of {} at {}: ", printable(proxy->user, 80), proxy->url())));
  return given;
}

}  // namespace

Result<std::shared_ptr<const ProxyRules>> proxies_of(const Call& call, const Profile& profile) {
  auto rules = rules_of(call, profile);
  if (!rules) {
    return fail(of_way(std::move(rules).error(), "proxy"));
  }
  return rules->for_http || rules->for_https ? std::make_shared<const ProxyRules>(*std::move(rules))
                                             : std::shared_ptr<const ProxyRules>();
}

Result<ConnectionOptions> connection_options(const Call& call, const Profile& profile) {
  ConnectionOptions options;
  if (sends_nothing(call)) {
    return options;
  }
  if (!profile.ca_file.empty()) {
    auto pem = call.app.platform.files.read_all(profile.ca_file);
    if (!pem) {
      return fail(std::move(pem).error().with("profile", profile.name));
    }
    options.ca_pem = std::move(*pem);
  }
  ATLINK_ASSIGN(options.proxies, proxies_of(call, profile));
  ATLINK_ASSIGN(options.certificate, certificate_of(call, profile));
  return options;
}

Result<ConnectionOptions> connection_options(const Call& call,
                                             const Url& site,
                                             const std::string& ca_file) {
  Profile nobody;
  nobody.site = std::string(site.origin());
  nobody.ca_file = ca_file;
  return connection_options(call, nobody);
}

Status set_way(const Call& call, Profile& profile) {
  if (const auto text = call.arguments.value("--proxy")) {
    ATLINK_ASSIGN(const auto proxy, read_flag(*text));
    profile.proxy = proxy ? proxy->url_with_user() : *text;
  }
  if (const auto text = call.arguments.value("--no-proxy")) {
    ATLINK_CHECK(NoProxy::read(*text));
    profile.no_proxy = *text;
  }
  for (auto [option, path] : {std::pair("--client-cert", &profile.client_cert),
                              std::pair("--client-key", &profile.client_key)}) {
    if (const auto text = call.arguments.value(option)) {
      ATLINK_CHECK(refuse_key_as_path(call, *text, option));
      ATLINK_ASSIGN(*path, text->empty() ? Result<std::string>(*text) : absolute_path(call, *text));
    }
  }
  if (profile.client_cert.empty()) {
    profile.client_key.clear();
  }
  return {};
}

Result<WaySecrets> way_secrets_to_keep(const Call& call,
                                       CredentialStore& store,
                                       const Profile& profile) {
  WaySecrets secrets;
  ATLINK_ASSIGN(secrets.proxy_password, password_to_keep(call, store, profile));
  ATLINK_ASSIGN(secrets.passphrase, passphrase_to_keep(call, profile));
  return secrets;
}

Status keep_way_secrets(const Call& call,
                        CredentialStore& store,
                        const Profile& profile,
                        WaySecrets secrets) {
  if (secrets.proxy_password) {
    ATLINK_ASSIGN(const auto proxy, read_setting(profile.proxy, "--proxy"));
    ATLINK_CHECK(save_kept(store,
                           profile.name,
                           KeptSecret::proxy_password,
                           proxy ? proxy->url_with_user() : std::string(),
                           std::move(*secrets.proxy_password)));
  } else if (call.arguments.has("--proxy") && profile.proxy.empty()) {
    ATLINK_CHECK(erase_kept(store, profile.name, KeptSecret::proxy_password));
  }
  if (secrets.passphrase) {
    return save_kept(store,
                     profile.name,
                     KeptSecret::certificate_passphrase,
                     profile.client_key.empty() ? profile.client_cert : profile.client_key,
                     std::move(*secrets.passphrase));
  }
  const bool gone = call.arguments.has("--client-cert") && profile.client_cert.empty();
  return gone ? erase_kept(store, profile.name, KeptSecret::certificate_passphrase) : Status();
}

}  // namespace atlink::cli
