// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/native_problem.h"

#include <optional>
#include <string_view>

namespace atlink::plugins {

/// What is wrong with a module as a file, found by reading its bytes; nothing is loaded.
[[nodiscard]] std::optional<NativeProblem> judge_object(std::string_view bytes);

}  // namespace atlink::plugins
