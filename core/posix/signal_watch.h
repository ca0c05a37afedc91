// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/posix/descriptor.h"

#include <array>
#include <csignal>

namespace atlink::posix {

/// While one lives, the signals with which people and systems stop or end a program do nothing but
/// make a descriptor readable, so that a terminal can be put right first. What was ignored stays
/// ignored. At most one at a time in a process.
class SignalWatch {
 public:
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  /// The handlers are as they were before.
  ~SignalWatch();

  /// Readable when a signal came; -1 where the system has none left, and then none is watched.
  [[nodiscard]] int descriptor() const { return reading_.get(); }

  /// The next signal that came, or 0.
  [[nodiscard]] int take();

 private:
  static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
  Descriptor reading_;
  Descriptor writing_;
  std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace atlink::posix
