// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "atlink/rsa_key.h"
#include "atlink/secret.h"

#include <array>
#include <string>
#include <string_view>

/// From the bytes of a key file to the numbers of an RSA key. No function here does arithmetic.
namespace atlink::crypto {

/// An RSA public key as big-endian numbers without leading zeros, which point into the DER it was
/// read from.
struct PublicNumbers {
  std::string_view modulus;
  std::string_view exponent;
};

/// An RSA private key likewise (RFC 8017 appendix A.1.2): n, e, d, p, q, dP, dQ, qInv.
struct PrivateNumbers {
  std::array<std::string_view, 8> numbers;
};

/// The DER of a private key out of a file, decrypted, with what it was written as.
struct PrivateKeyFile {
  KeyEncoding encoding = KeyEncoding::pkcs8;
  /// An RSAPrivateKey (PKCS#1).
  Secret pkcs1;
};

/// Finds and opens the private key in a file's bytes. Fails as RsaPrivateKey::parse does, apart
/// from `key_too_small`.
[[nodiscard]] Result<PrivateKeyFile> open_private_key(std::string_view bytes,
                                                      const Secret* passphrase);

/// The numbers of an RSAPrivateKey. Fails with `key_unreadable` or, for a key of more than two
/// primes or without them, `key_unsupported`.
[[nodiscard]] Result<PrivateNumbers> read_pkcs1(std::string_view der);

/// Finds the public key in a file's bytes and gives its RSAPublicKey (PKCS#1) as DER. Fails as
/// RsaPublicKey::parse does, apart from `key_too_small`.
[[nodiscard]] Result<std::string> open_public_key(std::string_view bytes);

/// The numbers of an RSAPublicKey. Fails with `key_unreadable`.
[[nodiscard]] Result<PublicNumbers> read_pkcs1_public(std::string_view der);

}  // namespace atlink::crypto
