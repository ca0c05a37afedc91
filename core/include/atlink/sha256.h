// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/result.h"

#include <string>
#include <string_view>

namespace atlink {

/// The SHA-256 hash of `bytes` (FIPS 180-4) as 64 lower-case hexadecimal digits. Fails with
/// `crypto_refused` where the system's policy has no such hash.
[[nodiscard]] ATLINK_API Result<std::string> sha256(std::string_view bytes);

}  // namespace atlink
