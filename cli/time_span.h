// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <chrono>
#include <string_view>

namespace atlink::cli {

/// "30d", "12h" or "90m": days, hours or minutes, at most a hundred years. Fails with `usage`,
/// naming the option.
[[nodiscard]] Result<std::chrono::seconds> time_span(std::string_view option,
                                                     std::string_view text);

}  // namespace atlink::cli
