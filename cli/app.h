// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace atlink::cli {

/// Where a command prints. Nothing is kept back: what was written has left the program.
class Output {
 public:
  Output() = default;
  virtual ~Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  /// Writes all of `bytes`. Fails with `output_closed` where nobody reads any more (EPIPE) and with
  /// `file_io` otherwise (a full disk).
  [[nodiscard]] virtual Status write(std::string_view bytes) = 0;
};

/// What commands need of the process and the installation, beside the Platform.
class Surroundings {
 public:
  Surroundings() = default;
  virtual ~Surroundings() = default;
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;
  /// The working directory, absolute: relative paths that are stored are made absolute with it.
  [[nodiscard]] virtual Result<std::string> working_folder() = 0;
  /// The folder of the product plugins that were installed with the program.
  [[nodiscard]] virtual Result<std::string> installed_plugins() = 0;
  /// Runs `work`; a SIGINT, SIGTERM or SIGHUP (unless that is ignored) that comes meanwhile calls
  /// `stop` (from a signal handler) instead of ending the program.
  [[nodiscard]] virtual Status until_signalled(const std::function<Status()>& work,
                                               const std::function<void()>& stop) = 0;
};

/// All that the command line touches. Does not own; tests put doubles here.
struct App {
  Platform platform;
  /// Data: what scripts read.
  Output& out;
  /// Talk, warnings and errors.
  Output& err;
  Surroundings& surroundings;
};

}  // namespace atlink::cli
