// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/tls_end.h"

#include <dlfcn.h>

namespace atlink::wire {

namespace {

// SSL_get_shutdown of the OpenSSL that libcurl brings along, found at run time: this module knows
// libcurl only, which hands its SSL object out without a type.
using GetShutdown = int (*)(const void* ssl);
constexpr int received_shutdown = 2;

GetShutdown get_shutdown() {
  static const auto function =
      reinterpret_cast<GetShutdown>(::dlsym(RTLD_DEFAULT, "SSL_get_shutdown"));
  return function;
}

}  // namespace

bool said_goodbye(CURL* easy) {
  const auto* session = figure<curl_tlssessioninfo*>(easy, CURLINFO_TLS_SSL_PTR);
  if (session == nullptr || session->internals == nullptr ||
      session->backend != CURLSSLBACKEND_OPENSSL || get_shutdown() == nullptr) {
    return true;
  }
  return (get_shutdown()(session->internals) & received_shutdown) != 0;
}

}  // namespace atlink::wire
