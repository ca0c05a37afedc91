// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "core/crypto/key_file.h"
#include "core/crypto/openssl.h"

#include <array>
#include <string>
#include <string_view>

/// From numbers to OpenSSL's key objects and back. Keys are read and written here rather than by
/// OpenSSL's decoders, which cost a millisecond a key.
namespace atlink::crypto {

/// The number of bits of a big-endian number without leading zeros.
[[nodiscard]] int bit_length(std::string_view number);

/// Whether numbers can be an RSA public key that is used here. Fails with `key_too_small`,
/// `key_unsupported` (over 16384 bits) or `key_unreadable`.
[[nodiscard]] Status check_public_numbers(const PublicNumbers& key);

/// Makes the key object. Fails like `check_public_numbers`, with `key_unreadable` where the numbers
/// do not belong together, and with `crypto_refused`.
[[nodiscard]] Result<Pkey> make_private_key(const PrivateNumbers& key);

/// The same for a public key.
[[nodiscard]] Result<Pkey> make_public_key(const PublicNumbers& key);

/// Makes a new key pair. Fails with `crypto_refused`.
[[nodiscard]] Result<Pkey> generate_key(int bits);

/// Reads the public numbers of a key object as big-endian bytes. Fails with `internal`.
[[nodiscard]] Status public_numbers_of(const EVP_PKEY* key,
                                       std::string& modulus,
                                       std::string& exponent);

/// A SubjectPublicKeyInfo (RFC 5280 section 4.1) as DER.
[[nodiscard]] std::string subject_public_key_info(std::string_view modulus,
                                                  std::string_view exponent);

/// The unencrypted PKCS#8 PEM of a private key. Fails with `internal` where OpenSSL does not give
/// the numbers.
[[nodiscard]] Result<Secret> private_key_pem(const EVP_PKEY* key);

/// OpenSSL's names of the eight numbers of an RSA private key, in the order of PKCS#1.
extern const std::array<const char*, 8> rsa_parameter_names;

}  // namespace atlink::crypto
