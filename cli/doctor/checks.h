// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/doctor/evidence.h"
#include "cli/doctor/finding.h"

#include <span>
#include <string_view>

namespace atlink::cli::doctor {

/// One question about the evidence.
struct Check {
  /// One word, as `--output json` and docs/doctor.md have it.
  std::string_view name;
  /// What it tells, for docs/doctor.md: lower case, no full stop.
  std::string_view about;
  /// Whether `link check` asks it, too.
  bool of_link;
  Finding (*judge)(const Evidence& evidence);
};

/// Every check in the order of cause: the first that fails is the cause. docs/doctor.md shows the
/// same list.
[[nodiscard]] std::span<const Check> all_checks();

}  // namespace atlink::cli::doctor
