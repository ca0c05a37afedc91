// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"

#include <cstddef>
#include <string>

namespace atlink::plugins::sandbox {

/// `length` unpredictable ASCII letters and digits, each as likely as the other. Fails only if the
/// random source does.
[[nodiscard]] Result<std::string> random_text(RandomSource& random, std::size_t length);

}  // namespace atlink::plugins::sandbox
