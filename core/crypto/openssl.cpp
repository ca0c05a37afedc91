// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/openssl.h"

#include "atlink/text.h"

#include <fmt/format.h>

namespace atlink::crypto {

std::string openssl_words() {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long code = ERR_peek_last_error_all(nullptr, nullptr, nullptr, &data, &flags);
  if (code == 0) {
    return "no reason given";
  }
  const char* reason = ERR_reason_error_string(code);
  std::string words = reason != nullptr ? reason : fmt::format("error {:08X}", code);
  if ((flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0') {
    words += fmt::format(": {}", data);
  }
  return printable(words);
}

Error refused(std::string_view operation) {
  return make_error(
      ErrorCode::crypto_refused,
      fmt::format("the system's cryptographic policy refuses {} (OpenSSL says \"{}\")",
                  operation,
                  openssl_words()),
      "allow it in the OpenSSL configuration (the file that OPENSSL_CONF names, or the system's "
      "crypto policy), or sign in by a method that needs none: OAuth 2.0, a personal access token, "
      "or a signature method that the policy allows and the server accepts");
}

}  // namespace atlink::crypto
