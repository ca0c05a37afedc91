// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/checks.h"

#include "cli/doctor/judge.h"

#include <array>

namespace atlink::cli::doctor {

namespace {

// What comes first explains what comes later: without a name no connection, with a wrong clock no
// signature counts, and a token is worth asking about only where the link works.
constexpr std::array table{
    Check{"profile", "a profile is chosen and its settings can be used", true, check_profile},
    Check{"plugin", "the product's description can be read and has OAuth 1.0a", true, check_plugin},
    Check{"files", "nobody else reads or changes what must be private", true, check_files},
    Check{"key", "consumer key and private key or shared secret are there", true, check_key},
    Check{"key-pair", "public.pem belongs to private.pem", true, check_key_pair},
    Check{"system", "this system signs with the chosen method", true, check_system},
    Check{"proxy", "the proxy, if there is one, lets requests through", true, check_proxy},
    Check{"client-certificate",
          "the client certificate can be used, and the server takes it",
          true,
          check_client_certificate},
    Check{"name", "the host name resolves", true, check_name},
    Check{"connection", "the server takes connections and answers", true, check_connection},
    Check{"tls", "the certificate is trusted and for this name", true, check_tls},
    Check{"clock", "the clocks of server and client agree", true, check_clock},
    Check{"base-url",
          "the server is where the profile says, and sees the same address",
          true,
          check_base_url},
    Check{"product", "the product is the one of the profile", false, check_product},
    Check{"endpoint", "the request-token endpoint answers as one", true, check_endpoint},
    Check{"method", "the server takes the signature method", true, check_method},
    Check{"transmission", "the OAuth parameters arrive", true, check_transmission},
    Check{"consumer", "the server knows the consumer key", true, check_consumer},
    Check{"signature",
          "the public key in the link belongs to the private key",
          true,
          check_signature},
    Check{"link", "the link allows sign-ins", true, check_link},
    Check{"credential", "there is a credential for this place", false, check_credential},
    Check{"token", "the server takes the token", false, check_token},
    Check{"user", "the server says who is signed in", false, check_user},
};

}  // namespace

std::span<const Check> all_checks() {
  return table;
}

}  // namespace atlink::cli::doctor
