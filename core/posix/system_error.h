// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <string>
#include <string_view>

namespace atlink::posix {

/// What a failed call was for; decides between `file_unreadable` and `file_unwritable`.
enum class Intent { reading, writing };

/// The system's word for an errno value, in lower case: "permission denied".
[[nodiscard]] std::string reason_of(int number);

/// The error for a failed call on a file: "cannot `verb` `path`: `reason`", with a next step and
/// the fact {"file", path}.
[[nodiscard]] Error file_error(Intent intent,
                               std::string_view verb,
                               const std::string& path,
                               int number);

}  // namespace atlink::posix
