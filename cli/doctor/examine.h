// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/doctor/checks.h"
#include "cli/doctor/gather.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::cli::doctor {

/// A check and what it says.
struct Checked {
  std::string_view name;
  Outcome outcome = Outcome::skip;
  std::string message;
};

/// The whole examination. Nothing in it shows a secret.
struct Diagnosis {
  std::vector<Checked> checks;
  /// Of the first check that failed.
  std::optional<Error> cause;
};

/// Judges the evidence by the checks of a scope, in their order.
[[nodiscard]] Diagnosis judge(const Evidence& evidence, Scope scope);

}  // namespace atlink::cli::doctor
