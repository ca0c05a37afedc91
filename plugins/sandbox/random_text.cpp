// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/random_text.h"

#include <array>
#include <string_view>

namespace atlink::plugins::sandbox {

Result<std::string> random_text(RandomSource& random, std::size_t length) {
  constexpr std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  // The largest multiple of 62 in a byte: what lies above would favour some letters.
  constexpr std::size_t fair = 256 - 256 % alphabet.size();
  std::string text;
  while (text.size() < length) {
    std::array<unsigned char, 32> bytes{};
    ATLINK_CHECK(random.fill(bytes));
    for (const unsigned char byte : bytes) {
      if (byte < fair && text.size() < length) {
        text += alphabet[byte % alphabet.size()];
      }
    }
  }
  return text;
}

}  // namespace atlink::plugins::sandbox
