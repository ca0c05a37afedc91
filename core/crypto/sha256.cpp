// SPDX-License-Identifier: Apache-2.0
#include "atlink/sha256.h"

#include "core/crypto/digest.h"

#include <fmt/format.h>

#include <iterator>

namespace atlink {

Result<std::string> sha256(std::string_view bytes) {
  ATLINK_ASSIGN(const crypto::DigestValue value, crypto::digest(crypto::Hash::sha256, bytes));
  std::string hex;
  for (const char c : value.view()) {
    fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<unsigned char>(c));
  }
  return hex;
}

}  // namespace atlink
