// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "atlink/secret.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Keys from passphrases, and encryption that notices changes. All fail with `crypto_refused` where
/// the system's policy has no such algorithm.
namespace atlink::crypto {

/// The parameters of RFC 7914.
struct ScryptParameters {
  std::uint64_t n = 0;
  std::uint32_t r = 0;
  std::uint32_t p = 0;
};

/// Whether deriving a key takes memory and time that a stranger may ask for: at most 256 MiB.
[[nodiscard]] bool is_bearable(const ScryptParameters& parameters);

/// `size` bytes. The parameters must be bearable; also fails where they make no sense.
[[nodiscard]] Result<Secret> scrypt(std::string_view password,
                                    std::string_view salt,
                                    const ScryptParameters& parameters,
                                    std::size_t size);

inline constexpr std::size_t gcm_key_size = 32;
inline constexpr std::size_t gcm_nonce_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;

/// AES-256-GCM: the ciphertext and then the tag. A nonce must not come twice with a key.
[[nodiscard]] Result<std::string> gcm_encrypt(const Secret& key,
                                              std::string_view nonce,
                                              std::string_view authenticated,
                                              std::string_view plain);

/// Undoes it. Fails with `file_damaged` where anything is not what it was.
[[nodiscard]] Result<Secret> gcm_decrypt(const Secret& key,
                                         std::string_view nonce,
                                         std::string_view authenticated,
                                         std::string_view sealed);

}  // namespace atlink::crypto
