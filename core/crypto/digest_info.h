// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "atlink/rsa_key.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace atlink::crypto {

/// What RSASSA-PKCS1-v1_5 pads and signs: a DigestInfo (RFC 8017 section 9.2) as DER.
struct DigestInfo {
  std::array<unsigned char, 51> bytes{};
  std::size_t size = 0;
};

/// The DigestInfo of `message`. Fails with `crypto_refused`.
[[nodiscard]] Result<DigestInfo> digest_info(RsaDigest digest, std::string_view message);

}  // namespace atlink::crypto
