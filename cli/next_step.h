// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <string_view>

namespace atlink::cli {

/// What to do about an error: its own next step, else what usually helps where a command ends with
/// this exit code. Never empty.
[[nodiscard]] std::string_view next_step_of(const Error& error);

}  // namespace atlink::cli
