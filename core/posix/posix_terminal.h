// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

namespace atlink::posix {

/// The controlling terminal of this process, /dev/tty, wherever standard input and output lead. For
/// a secret the echo is off, and on again before anything else happens: at Ctrl-C, when the person
/// suspends the program, and when a signal ends it.
class PosixTerminal final : public Terminal {
 public:
  [[nodiscard]] bool can_ask() override;
  [[nodiscard]] Result<std::string> ask(const std::string& question) override;
  [[nodiscard]] Result<Secret> ask_secret(const std::string& question) override;
};

}  // namespace atlink::posix
