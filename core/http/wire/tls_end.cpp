// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/tls_end.h"

/// Of the OpenSSL that libcurl brings along and hands its session object out of, without a type.
/// Weak, so that it is null where libcurl was built with another TLS library: this module is linked
/// with libcurl only.
// NOLINTNEXTLINE(readability-identifier-naming): OpenSSL's name
extern "C" __attribute__((weak)) int SSL_get_shutdown(const void* ssl);

namespace atlink::wire {

namespace {

// SSL_RECEIVED_SHUTDOWN
constexpr int received_shutdown = 2;

}  // namespace

bool said_goodbye(CURL* easy) {
  const auto* session = figure<curl_tlssessioninfo*>(easy, CURLINFO_TLS_SSL_PTR);
  if (session == nullptr || session->internals == nullptr ||
      session->backend != CURLSSLBACKEND_OPENSSL || &SSL_get_shutdown == nullptr) {
    return true;
  }
  return (SSL_get_shutdown(session->internals) & received_shutdown) != 0;
}

}  // namespace atlink::wire
