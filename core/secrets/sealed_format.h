// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"
#include "atlink/stores.h"
#include "core/crypto/seal.h"

#include <optional>
#include <string>
#include <string_view>

/// Sealed files. One is a header, a ciphertext and a tag; numbers are big-endian:
///
///     8 "ATLSEAL\n"   1 version (1)   1 key derivation (1: scrypt)   1 log2 of N   1 zero
///     4 r   4 p   16 salt   16 check value   12 nonce   8 checksum   … ciphertext   16 tag
///
/// scrypt makes 48 bytes of passphrase and salt: the key and the check value, by which a wrong
/// passphrase is known. The checksum is the beginning of the SHA-256 of all before it, by which a
/// damaged header is known without a passphrase. The whole header is authenticated with the text.
namespace atlink::sealed {

inline constexpr std::size_t salt_size = 16;
inline constexpr std::size_t check_size = 16;
inline constexpr std::size_t header_size = 72;

/// A key and what it was made with.
struct Key {
  SealCost cost{};
  std::string salt;
  Secret key;
  std::string check;
};

[[nodiscard]] Key clone(const Key& key);

/// What a header says.
struct Header {
  SealCost cost{};
  std::string salt;
  std::string check;
  std::string nonce;
};

/// Fails with `file_damaged`: no such header, changed, of a later release, or asking for more
/// memory or time than is bearable. `name` is what messages call the file, `next` the way out.
[[nodiscard]] Result<Header> read_header(std::string_view sealed,
                                         const std::string& name,
                                         const std::string& next);

/// A fresh key. Fails with `crypto_refused` and with the random source.
[[nodiscard]] Result<Key> make_key(RandomSource& random, const Passphrase& passphrase);

/// The key that a header asks for; none where the passphrase is another.
[[nodiscard]] Result<std::optional<Key>> key_for(const Header& header, const Secret& passphrase);

/// Whether a key is the one that a header asks for.
[[nodiscard]] bool fits(const Key& key, const Header& header);

/// Encrypts. `about` says what this is, and is authenticated with it.
[[nodiscard]] Result<std::string> seal(RandomSource& random,
                                       const Key& key,
                                       std::string_view about,
                                       const Secret& text);

/// Decrypts with a key that fits. Fails with `file_damaged`.
[[nodiscard]] Result<Secret> unseal(const Key& key,
                                    const Header& header,
                                    std::string_view about,
                                    std::string_view sealed,
                                    const std::string& name,
                                    const std::string& next);

/// "the passphrase for NAME is wrong".
[[nodiscard]] Error wrong_passphrase(const std::string& name, std::string next);

}  // namespace atlink::sealed
