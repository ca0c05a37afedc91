// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"
#include "core/posix/lazy_transport.h"
#include "core/posix/posix_browser.h"
#include "core/posix/posix_files.h"
#include "core/posix/posix_process.h"
#include "core/posix/posix_terminal.h"
#include "core/posix/small_parts.h"

namespace atlink {

namespace {

struct System {
  posix::PosixClock clock;
  posix::PosixRandom random;
  posix::PosixEnvironment environment;
  posix::PosixFiles files;
  posix::PosixTerminal terminal;
  posix::PosixBrowser browser{environment};
  posix::LazyTransport transport;
  posix::PosixProcess process;
  posix::PosixLoader loader;
};

}  // namespace

Platform system_platform() {
  // Never destroyed: what runs while the process ends may still use it.
  static System& system = *new System;
  return {system.clock,
          system.random,
          system.environment,
          system.files,
          system.terminal,
          system.browser,
          system.transport,
          system.process,
          system.loader};
}

}  // namespace atlink
