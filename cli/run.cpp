// SPDX-License-Identifier: Apache-2.0
#include "cli/run.h"

namespace atlink::cli {

int run_program(int argc, char** /*argv*/) {
  return argc > 1 ? 2 : 0;
}

}  // namespace atlink::cli
