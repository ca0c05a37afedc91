// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <string>
#include <string_view>

namespace atlink::plugins {

/// One rule that a native module breaks, or what kept the host from finding out.
struct NativeProblem {
  /// One of `native_rules`.
  std::string rule;
  /// What is wrong with "it", the module; in lower case and without a full stop.
  std::string message;
  /// What to do about it.
  std::string next;

  friend bool operator==(const NativeProblem&, const NativeProblem&) = default;
};

/// The rule that stands for a fault of atlink or of this machine instead of the module's.
inline constexpr std::string_view host_rule = "native-host";

/// The problem as error about `file`, with the facts file, rule and side ("plugin" or "host"): for
/// a fault of the module `native_invalid`, for one of the host `module_missing`.
[[nodiscard]] Error to_error(const NativeProblem& problem, const std::string& file);

}  // namespace atlink::plugins
