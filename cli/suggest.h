// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace atlink::cli {

/// The candidate that `typed` was most likely meant to be (fewest letters added, left out, changed
/// or swapped), or none if all are too far away.
[[nodiscard]] std::optional<std::string_view> nearest(
    std::string_view typed, const std::vector<std::string_view>& candidates);

}  // namespace atlink::cli
