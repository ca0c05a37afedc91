// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "cli/arguments.h"

#include <string>
#include <vector>

namespace atlink::cli {

/// Reads a command line (without the program's name) by the tables of the commands. Global options
/// may stand in front of the command's name and after it. Every option that takes a value takes
/// exactly one per occurrence, whatever it looks like; "--" ends the options. Fails with `usage`,
/// naming the nearest thing that there is.
[[nodiscard]] Result<Arguments> parse(const std::vector<std::string>& arguments);

}  // namespace atlink::cli
