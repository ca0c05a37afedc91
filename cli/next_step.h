// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <string>
#include <string_view>

namespace atlink::cli {

/// What to do about an error: its own next step, else what usually helps where a command ends with
/// this exit code. Never empty. The engine says "profile set NAME"; where the error says which
/// profile it is about, NAME is that.
[[nodiscard]] std::string next_step_of(const Error& error);

/// Whether the next step leaves the profile's name open.
[[nodiscard]] bool leaves_profile_open(const Error& error);

/// The same step for somebody who named `profile` on the command line: commands in it that would
/// take another one name it too.
[[nodiscard]] std::string next_step_for(std::string_view profile, const Error& error);

}  // namespace atlink::cli
