// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

namespace atlink::posix {

/// Programs of this machine, started by posix_spawn.
class PosixProcess final : public Process {
 public:
  [[nodiscard]] Result<ProcessEnd> run(const ProcessStart& start) override;
  [[nodiscard]] Result<std::string> own_program(const std::string& name) override;
};

/// Objects that the dynamic loader of this process takes from sealed files in memory.
class PosixLoader final : public Loader {
 public:
  [[nodiscard]] Result<const void*> load(std::string_view object,
                                         const std::string& symbol) override;
};

}  // namespace atlink::posix
