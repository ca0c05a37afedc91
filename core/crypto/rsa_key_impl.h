// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/rsa_key.h"
#include "core/crypto/openssl.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace atlink {

/// A public key as big-endian numbers without leading zeros. OpenSSL's object is made when it is
/// first needed: most public keys are only shown and compared.
struct RsaPublicKey::Impl {
  std::string modulus;
  std::string exponent;

  /// OpenSSL's object, or null where the policy refuses it. Thread-safe.
  [[nodiscard]] EVP_PKEY* key() const;

  /// SubjectPublicKeyInfo as DER.
  [[nodiscard]] std::string info() const;

 private:
  mutable std::once_flag once_;
  mutable crypto::Pkey key_;
};

/// A private key. OpenSSL's object is shared by all threads; its operation contexts are not
/// thread-safe and costly to make, so that used ones wait here for the next signature.
struct RsaPrivateKey::Impl {
  crypto::Pkey key;
  KeyEncoding encoding = KeyEncoding::pkcs8;
  std::shared_ptr<const RsaPublicKey::Impl> public_half;

  /// A context that is ready to sign, or null where the policy refuses.
  [[nodiscard]] crypto::PkeyContext take_context() const;
  void give_back(crypto::PkeyContext context) const;

 private:
  mutable std::mutex mutex_;
  mutable std::vector<crypto::PkeyContext> idle_;
};

}  // namespace atlink
