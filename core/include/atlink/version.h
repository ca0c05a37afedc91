// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"

#include <string>
#include <string_view>

namespace atlink {

/// Compares versions number by number ("10.1" is after "9.2"): -1, 0 or 1. What follows a number up
/// to the next dot is passed over, and a missing number is 0.
[[nodiscard]] ATLINK_API int compare_versions(std::string_view a, std::string_view b);

/// Versions of a product: `from` is the first, `before` the first too late; empty is open.
struct ATLINK_API VersionRange {
  std::string from;
  std::string before;

  /// Whether `version` is among them. One that is not known (empty) is not kept out.
  [[nodiscard]] bool holds(std::string_view version) const;
};

}  // namespace atlink
