// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/text.h"
#include "core/crypto/openssl.h"

#include <openssl/asn1.h>

#include <string>
#include <vector>

/// The parts of a certificate as text. What stands in it is a stranger's.
namespace atlink::crypto {

using X509Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;

/// "CN=site.example, O=Acme" (RFC 4514), printable and cut short.
[[nodiscard]] std::string name_text(const X509_NAME* name);

/// Host names and addresses of the subject's alternative names; the common name where there are
/// none. Printable; no more than a hundred.
[[nodiscard]] std::vector<std::string> host_names(const X509* certificate);

/// Clamped to what a TimePoint holds.
[[nodiscard]] TimePoint time_point(const ASN1_TIME* time);

/// "RSA, 2048 bits".
[[nodiscard]] std::string key_text(const X509* certificate);

/// SubjectPublicKeyInfo (RFC 5280 section 4.1) in DER.
[[nodiscard]] std::string public_key_bytes(const X509* certificate);

}  // namespace atlink::crypto
