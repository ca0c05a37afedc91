// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace atlink::cli {

/// The program: parses `argv`, runs one command, returns the exit code.
[[nodiscard]] int run_program(int argc, char** argv);

}  // namespace atlink::cli
