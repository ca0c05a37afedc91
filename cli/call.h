// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/report.h"

namespace atlink::cli {

/// What a command is given when it runs. Nothing is owned; all of it outlives the call.
struct Call {
  App& app;
  const Arguments& arguments;
  Report& report;
};

}  // namespace atlink::cli
