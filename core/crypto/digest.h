// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace atlink::crypto {

/// Hash functions of OAuth's signature methods (FIPS 180-4).
enum class Hash { sha1, sha256 };

/// The outcome of a hash or HMAC: 20 or 32 bytes.
struct DigestValue {
  std::array<unsigned char, 32> bytes{};
  std::size_t size = 0;

  /// The bytes as text. Valid as long as this value.
  [[nodiscard]] std::string_view view() const;
};

/// Hashes `message`. Fails with `crypto_refused` where the policy has no such hash.
[[nodiscard]] Result<DigestValue> digest(Hash hash, std::string_view message);

/// HMAC of RFC 2104. `key` must not be empty. Fails with `crypto_refused`.
[[nodiscard]] Result<DigestValue> hmac(Hash hash, std::string_view key, std::string_view message);

}  // namespace atlink::crypto
