// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/way.h"

namespace atlink::wire {

namespace {

bool is_https(const Way& way) {
  return way.origin.substr(0, 6) == "https:";
}

long type_of(ProxyServer::Kind kind) {
  switch (kind) {
    case ProxyServer::Kind::http:
      return CURLPROXY_HTTP;
    case ProxyServer::Kind::socks5:
      return CURLPROXY_SOCKS5;
    case ProxyServer::Kind::socks5h:
      return CURLPROXY_SOCKS5_HOSTNAME;
  }
  return CURLPROXY_HTTP;
}

// libcurl keeps a copy that it does not wipe; ours is overwritten here.
void apply_password(CURL* easy, const ProxyServer& proxy) {
  set(easy, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
  std::string text(proxy.password ? proxy.password->expose() : std::string_view());
  const CURLcode code = curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, text.c_str());
  wipe_memory(text.data(), text.size());
  if (code != CURLE_OK) {
    throw_option_refused(CURLOPT_PROXYPASSWORD, code);
  }
}

// Read where it is: a copy would not be wiped.
curl_blob blob_of(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size(), CURL_BLOB_NOCOPY};
}

}  // namespace

bool Way::is_forwarded() const {
  return proxy != nullptr && proxy->kind == ProxyServer::Kind::http && !is_https(*this);
}

Way way_of(const Url& url, const ConnectionOptions& connection) {
  Way way{std::string(url.origin()), connection.ca_pem};
  way.proxy = connection.proxies ? connection.proxies->proxy_for(url) : nullptr;
  if (way.proxy != nullptr) {
    way.rules = connection.proxies;
  }
  if (url.is_https() && connection.certificate && connection.certificate->is_for(url)) {
    way.certificate = connection.certificate;
  }
  return way;
}

void apply_proxy(CURL* easy, const Way& way) {
  // Empty, and not left alone: else the proxy variables of the environment count.
  set(easy, CURLOPT_PROXY, way.proxy == nullptr ? "" : way.proxy->url().c_str());
  set(easy, CURLOPT_NOPROXY, "");
  if (way.proxy == nullptr) {
    return;
  }
  set(easy, CURLOPT_PROXYTYPE, type_of(way.proxy->kind));
  set(easy, CURLOPT_HTTPPROXYTUNNEL, is_https(way) ? 1L : 0L);
  // The request's own headers are for the server: CONNECT has none of them.
  set(easy, CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_PROXYAUTH, CURLAUTH_BASIC);
  set(easy, CURLOPT_SOCKS5_AUTH, CURLAUTH_BASIC);
  if (!way.proxy->user.empty()) {
    apply_password(easy, *way.proxy);
  }
}

void apply_certificate(CURL* easy, const ClientCertificate* certificate) {
  if (certificate == nullptr) {
    return;
  }
  curl_blob chain = blob_of(certificate->certificates);
  curl_blob key = blob_of(certificate->key.expose());
  set(easy, CURLOPT_SSLCERTTYPE, "PEM");
  set(easy, CURLOPT_SSLKEYTYPE, "PEM");
  set(easy, CURLOPT_SSLCERT_BLOB, &chain);
  set(easy, CURLOPT_SSLKEY_BLOB, &key);
}

}  // namespace atlink::wire
