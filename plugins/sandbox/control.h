// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/faults.h"
#include "plugins/sandbox/visit.h"

namespace atlink::plugins::sandbox {

/// Switches faults: GET lists them, PUT {"faults": […]} puts these in their place, POST adds the
/// one in the body, DELETE takes all away. Each but DELETE answers with the list.
[[nodiscard]] ServerResponse control_faults(const Visit& visit,
                                            const Product& product,
                                            Faults& faults);

/// Below the base URL.
inline constexpr std::string_view faults_path = "/-/sandbox/faults";

}  // namespace atlink::plugins::sandbox
