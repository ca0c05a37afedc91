// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <string>
#include <string_view>

namespace atlink::cli {

/// What to do about an error: its own next step, else what usually helps where a command ends with
/// this exit code. Never empty.
[[nodiscard]] std::string_view next_step_of(const Error& error);

/// The same step for somebody who named `profile` on the command line: commands in it that would
/// take another one name it too.
[[nodiscard]] std::string next_step_for(std::string_view profile, const Error& error);

}  // namespace atlink::cli
