// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"
#include "cli/run.h"
#include "cli/system_app.h"

#include <fmt/format.h>

#include <exception>
#include <signal.h>
#include <unistd.h>

namespace atlink::cli {

int run_program(int argc, char** argv) {
  // A reader that goes away is an error of `write`, so that the exit code is ours.
  static_cast<void>(::signal(SIGPIPE, SIG_IGN));
  DescriptorOutput out(STDOUT_FILENO);
  DescriptorOutput err(STDERR_FILENO);
  try {
    SystemSurroundings surroundings;
    App app{system_platform(), out, err, surroundings};
    return run({argv + (argc > 0 ? 1 : 0), argv + argc}, app);
  } catch (const std::exception& problem) {
    // Only exhausted memory comes this far: libraries' exceptions stop at their borders.
    static_cast<void>(err.write(fmt::format("atlink: internal error: {}\n", problem.what())));
    return exit_failed;
  }
}

}  // namespace atlink::cli
