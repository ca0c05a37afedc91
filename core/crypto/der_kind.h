// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace atlink::crypto {

/// What a DER file can turn out to be.
enum class DerKind {
  pkcs8,            ///< PrivateKeyInfo (RFC 5208 section 5, RFC 5958)
  pkcs8_encrypted,  ///< EncryptedPrivateKeyInfo (RFC 5208 section 6)
  pkcs1,            ///< RSAPrivateKey (RFC 8017 appendix A.1.2)
  ec_private,       ///< ECPrivateKey (RFC 5915)
  dsa_private,      ///< OpenSSL's traditional DSA key: six integers
  spki,             ///< SubjectPublicKeyInfo (RFC 5280 section 4.1)
  pkcs1_public,     ///< RSAPublicKey (RFC 8017 appendix A.1.1)
  certificate,      ///< X.509 (RFC 5280)
  pkcs12,           ///< PFX (RFC 7292)
  unknown
};

/// A DER element told apart by its shape alone: labels lie. The views point into its bytes.
struct DerFile {
  DerKind kind = DerKind::unknown;
  /// Content of the algorithm's OBJECT IDENTIFIER, for pkcs8 and spki.
  std::string_view algorithm;
  /// What is inside: for pkcs8 the key of that algorithm, for spki the content of its BIT STRING
  /// behind the count of unused bits, for a certificate its SubjectPublicKeyInfo, for the others
  /// the whole element.
  std::string_view inner;
};

/// Looks at the first element of `der`; what follows it is passed over.
[[nodiscard]] DerFile classify_der(std::string_view der);

/// Whether the OBJECT IDENTIFIER content is rsaEncryption.
[[nodiscard]] bool is_rsa(std::string_view algorithm);

/// "EC", "Ed25519", "RSA-PSS" and so on, or the dotted identifier.
[[nodiscard]] std::string algorithm_name(std::string_view algorithm);

/// The content of the OBJECT IDENTIFIER rsaEncryption (RFC 8017 appendix C).
[[nodiscard]] std::string_view rsa_identifier();

}  // namespace atlink::crypto
