// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <memory>
#include <string>
#include <string_view>

namespace atlink {

/// Digests that RSA PKCS#1 v1.5 signatures are made over here.
enum class RsaDigest { sha1, sha256 };

/// The public half of an RSA key pair. Cheap to copy (shared); thread-safe.
class ATLINK_API RsaPublicKey {
 public:
  /// Reads SubjectPublicKeyInfo (PEM or DER), PKCS#1 ("RSA PUBLIC KEY") or an X.509 certificate;
  /// PEM also without its BEGIN and END lines, with CRLF and stray blank lines. Fails with
  /// `key_unreadable`, `key_unsupported` (no RSA) or `key_too_small` (below 1024 bits).
  [[nodiscard]] static Result<RsaPublicKey> parse(std::string_view bytes);

  [[nodiscard]] int bits() const;

  /// SubjectPublicKeyInfo as PEM ("BEGIN PUBLIC KEY"), lines of 64, line break at the end.
  [[nodiscard]] std::string pem() const;

  /// The same without BEGIN and END lines, on one line.
  [[nodiscard]] std::string base64() const;

  /// SHA-256 of the SubjectPublicKeyInfo, as lower-case hex. Names the key in records and output.
  /// Empty where policy allows no SHA-256.
  [[nodiscard]] std::string fingerprint() const;

  /// RSASSA-PKCS1-v1_5 verification (RFC 8017 section 8.2.2) of a raw signature.
  [[nodiscard]] bool verify(RsaDigest digest,
                            std::string_view message,
                            std::string_view signature) const;

  [[nodiscard]] bool same_as(const RsaPublicKey& other) const;

 private:
  friend class RsaPrivateKey;
  struct Impl;

  explicit RsaPublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

  std::shared_ptr<const Impl> impl_;
};

/// How a private key was written, to be told to the person.
enum class KeyEncoding {
  pkcs8,
  pkcs8_encrypted,
  pkcs1,
  pkcs1_encrypted,
  pkcs8_der,
  pkcs1_der,
  pkcs8_encrypted_der
};

/// "PKCS#8 PEM", "passphrase-protected PKCS#1 PEM" and so on.
[[nodiscard]] ATLINK_API std::string_view describe(KeyEncoding encoding);

/// An RSA private key, parsed once and shared. Cheap to copy; thread-safe, signing included. The
/// key material is wiped with the last copy.
class ATLINK_API RsaPrivateKey {
 public:
  /// Makes a new key. `bits` is 2048, 3072 or 4096, else `usage`; `crypto_refused` where policy
  /// allows no RSA keys.
  [[nodiscard]] static Result<RsaPrivateKey> generate(int bits);

  /// Reads PKCS#8 or PKCS#1, PEM or DER, CRLF and stray blank lines included. `passphrase` is used
  /// where the key is protected; null and needed gives `key_passphrase` with the fact
  /// {"passphrase", "needed"}, a wrong one {"passphrase", "wrong"}. Other failures: `key_public`
  /// for a public key or certificate, `key_unsupported` for another algorithm, `key_too_small`
  /// below 1024 bits, `key_unreadable`, and `crypto_refused` where policy allows no RSA keys.
  [[nodiscard]] static Result<RsaPrivateKey> parse(std::string_view bytes,
                                                   const Secret* passphrase);

  [[nodiscard]] int bits() const;
  [[nodiscard]] KeyEncoding encoding() const;
  [[nodiscard]] RsaPublicKey public_key() const;

  /// Unencrypted PKCS#8 PEM.
  [[nodiscard]] Result<Secret> pem() const;

  /// A raw RSASSA-PKCS1-v1_5 signature (RFC 8017 section 8.2.1), made from the DigestInfo built
  /// here and the raw private-key operation, so that it also works where policy refuses SHA-1
  /// signatures. Fails with `crypto_refused`, naming the policy's words.
  [[nodiscard]] Result<std::string> sign(RsaDigest digest, std::string_view message) const;

 private:
  struct Impl;

  explicit RsaPrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

  std::shared_ptr<const Impl> impl_;
};

}  // namespace atlink
