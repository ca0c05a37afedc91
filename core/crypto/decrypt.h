// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "atlink/secret.h"

#include <string>
#include <string_view>

/// Undoing the passphrase protection of key files. All fail with `key_passphrase` (fact
/// "passphrase": "needed" where `passphrase` is null, "wrong" where it does not fit),
/// `key_unsupported` for a cipher that is not available, and `key_unreadable`.
namespace atlink::crypto {

/// The PrivateKeyInfo inside an EncryptedPrivateKeyInfo (RFC 5208 section 6, RFC 8018).
[[nodiscard]] Result<Secret> decrypt_pkcs8(std::string_view der, const Secret* passphrase);

/// The content of a PEM block with "Proc-Type: 4,ENCRYPTED" (RFC 1421, OpenSSL's traditional form).
/// `dek_info` is the value of its DEK-Info header.
[[nodiscard]] Result<Secret> decrypt_traditional(std::string_view content,
                                                 const std::string& dek_info,
                                                 const Secret* passphrase);

}  // namespace atlink::crypto
