// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "atlink/secret.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink::crypto {

/// One "-----BEGIN label-----" … "-----END label-----" of a text (RFC 7468), not yet decoded. The
/// views point into the text it was found in.
struct PemBlock {
  std::string_view label;
  std::string_view body;
  /// Whether the END line is there; without it the body goes to the end of the text.
  bool complete = true;
};

/// Every block of `text`, in order. What stands around them is passed over.
[[nodiscard]] std::vector<PemBlock> find_pem_blocks(std::string_view text);

/// A block's content. `dek_info` is what stands behind "DEK-Info:" in the old form of passphrase
/// protection (RFC 1421 section 4.6.1.3), else empty.
struct PemContent {
  Secret der;
  std::string dek_info;
};

/// Decodes a block. Blank lines, CRLF, indentation, base64 on one line, and line breaks that became
/// the two characters "\n" in a variable are all fine. Fails with `key_unreadable`.
[[nodiscard]] Result<PemContent> decode_pem(const PemBlock& block);

/// The bytes of base64 text with white space in it; empty where it is none.
[[nodiscard]] Secret decode_loose_base64(std::string_view text);

/// A block with lines of 64 (RFC 7468 section 2) and a line break at the end.
void append_pem(std::string& out, std::string_view label, std::string_view base64);

/// How long that is.
[[nodiscard]] std::size_t pem_size(std::string_view label, std::size_t base64_size);

}  // namespace atlink::crypto
