// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

namespace atlink::posix {

/// The clocks of this machine.
class PosixClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() override;
  [[nodiscard]] std::chrono::steady_clock::time_point steady() override;
  Status sleep(std::chrono::milliseconds duration) override;
};

/// getrandom(2).
class PosixRandom final : public RandomSource {
 public:
  Status fill(std::span<unsigned char> out) override;
};

/// The variables of this process.
class PosixEnvironment final : public Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override;
  [[nodiscard]] std::vector<std::string> names() const override;
};

}  // namespace atlink::posix
