// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/app.h"

#include <string>
#include <vector>

namespace atlink::cli {

/// Parses `arguments` (without the program's name), runs one command, reports what fails and
/// returns the exit code. Touches nothing but what `app` gives it.
[[nodiscard]] int run(const std::vector<std::string>& arguments, App& app);

/// The program: `run` with the process's own arguments and the real world.
[[nodiscard]] int run_program(int argc, char** argv);

}  // namespace atlink::cli
