// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"

#include <array>

namespace atlink::oauth1 {

Result<std::string> make_nonce(RandomSource& random) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t length = 24;
  // Bytes from 248 up would favour the first letters, so they are passed over.
  constexpr unsigned usable = 256 / alphabet.size() * alphabet.size();
  std::string nonce;
  nonce.reserve(length);
  while (nonce.size() < length) {
    std::array<unsigned char, 32> bytes{};
    ATLINK_CHECK(random.fill(bytes));
    for (const unsigned char byte : bytes) {
      if (byte < usable && nonce.size() < length) {
        nonce += alphabet[byte % alphabet.size()];
      }
    }
  }
  return nonce;
}

}  // namespace atlink::oauth1
