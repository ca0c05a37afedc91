// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"
#include "atlink/url.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Proxies: which of them a request goes through, and what they want to know.
namespace atlink {

/// A server that connections go through.
struct ProxyServer {
  enum class Kind {
    http,     ///< HTTP: CONNECT for https, the whole URL for http (RFC 9110 sections 7.1, 9.3.6)
    socks5,   ///< SOCKS 5 (RFC 1928); host names are looked up here
    socks5h,  ///< SOCKS 5; host names are looked up by the proxy
  };
  Kind kind = Kind::http;
  /// Without port; an IPv6 address in brackets.
  std::string host;
  std::uint16_t port = 0;
  /// Empty where the proxy wants nobody's name.
  std::string user;
  std::shared_ptr<const Secret> password;
  /// Where the setting stood, for messages: "HTTPS_PROXY", "profile work".
  std::string from;

  /// Without user and password: "http://proxy.example:3128".
  [[nodiscard]] ATLINK_API std::string url() const;
  /// The same with the user in it, as a profile keeps it.
  [[nodiscard]] ATLINK_API std::string url_with_user() const;
};

/// Reads "[SCHEME://][USER[:PASSWORD]@]HOST[:PORT]". Without scheme it is http; without port 80, or
/// 1080 of SOCKS. User and password are percent-decoded. Fails with `usage`, and never repeats the
/// text, which may hold a password; `from` names where it stood.
[[nodiscard]] ATLINK_API Result<ProxyServer> read_proxy(std::string_view text, std::string from);

/// Which hosts are asked without a proxy, read from a list such as NO_PROXY has.
///
/// Items are separated by commas or white space. "*" is every host. "example.com", with or without
/// a dot in front, is that host and all below it. An address is that address alone, however it is
/// written; with "/BITS" it is a whole network (and only fits hosts that are written as addresses:
/// no name is looked up for it). ":PORT" behind any of them narrows it to that port. "<-loopback>"
/// has this machine itself asked through the proxy, which it is not otherwise.
class ATLINK_API NoProxy {
 public:
  NoProxy() = default;
  /// Fails with `usage` for an item that is none of these.
  [[nodiscard]] static Result<NoProxy> read(std::string_view list);
  /// Whether the host of `url` is among them.
  [[nodiscard]] bool holds(const Url& url) const;
  /// What either of them holds.
  void add(const NoProxy& other);

 private:
  struct Item {
    std::string host;
    /// Of a network: its bytes (4 or 16) and how many bits count.
    std::vector<unsigned char> bytes;
    unsigned bits = 0;
    std::uint16_t port = 0;
  };

  [[nodiscard]] static Result<Item> read_item(std::string_view text);
  [[nodiscard]] static bool fits(const Item& item, const Url& url);

  std::vector<Item> items_;
  bool everything_ = false;
  bool loopback_too_ = false;
};

/// The proxies of a connection, by the scheme of what is asked. Nothing in it changes any more once
/// a connection has it.
struct ProxyRules {
  std::optional<ProxyServer> for_http;
  std::optional<ProxyServer> for_https;
  NoProxy except;

  /// The one for this URL; null: straight to its host, which holds for this machine itself too.
  [[nodiscard]] ATLINK_API const ProxyServer* proxy_for(const Url& url) const;
};

/// What the environment says, in the words that other programs take, too: https_proxy, else
/// HTTPS_PROXY, for https; http_proxy, in lower case only (a web server hands a client's header
/// "Proxy" to its programs in capitals), for http; all_proxy, else ALL_PROXY, for what is left;
/// no_proxy, else NO_PROXY. One that is empty counts as unset. Fails with `profile_invalid`.
[[nodiscard]] ATLINK_API Result<ProxyRules> proxies_from(const Environment& environment);

}  // namespace atlink
