// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/app.h"

namespace atlink::cli {

/// A file descriptor that stays open for the program's life: 1 or 2. Not owned.
class DescriptorOutput final : public Output {
 public:
  explicit DescriptorOutput(int descriptor) : descriptor_(descriptor) {}

  [[nodiscard]] Status write(std::string_view bytes) override;

 private:
  int descriptor_;
};

/// This process and this installation.
class SystemSurroundings final : public Surroundings {
 public:
  [[nodiscard]] Result<std::string> working_folder() override;

  /// Found from where the program lies, in a build tree and in any prefix. Fails with
  /// `module_missing` where that cannot be found out.
  [[nodiscard]] Result<std::string> installed_plugins() override;

  [[nodiscard]] Status until_signalled(const std::function<Status()>& work,
                                       const std::function<void()>& stop) override;
};

}  // namespace atlink::cli
