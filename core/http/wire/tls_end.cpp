// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/tls_end.h"

#include <string_view>

/// Of the OpenSSL that libcurl brings along and hands its session object out of, without a type.
/// Weak, so that it is null where libcurl was built with another TLS library: this module is linked
/// with libcurl only.
// NOLINTNEXTLINE(readability-identifier-naming): OpenSSL's name
extern "C" __attribute__((weak)) int SSL_get_shutdown(const void* ssl);

// NOLINTNEXTLINE(readability-identifier-naming): OpenSSL's name
extern "C" __attribute__((weak)) void SSL_get0_alpn_selected(const void* ssl,
                                                             const unsigned char** data,
                                                             unsigned* length);

namespace atlink::wire {

namespace {

// SSL_RECEIVED_SHUTDOWN
constexpr int received_shutdown = 2;

/// Null where there is no TLS, or not OpenSSL's.
const void* session_of(CURL* easy) {
  const auto* session = figure<curl_tlssessioninfo*>(easy, CURLINFO_TLS_SSL_PTR);
  return session != nullptr && session->backend == CURLSSLBACKEND_OPENSSL ? session->internals
                                                                          : nullptr;
}

}  // namespace

bool said_goodbye(CURL* easy) {
  const void* session = session_of(easy);
  return session == nullptr || &SSL_get_shutdown == nullptr ||
         (SSL_get_shutdown(session) & received_shutdown) != 0;
}

bool speaks_http2(CURL* easy) {
  const void* session = session_of(easy);
  if (session == nullptr || &SSL_get0_alpn_selected == nullptr) {
    return false;
  }
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(session, &name, &length);
  return std::string_view(reinterpret_cast<const char*>(name), length) == "h2";
}

}  // namespace atlink::wire
