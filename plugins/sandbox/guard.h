// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/visit.h"

#include <optional>

namespace atlink::plugins::sandbox {

/// The refusal of a request that may be forged by the product's own rule: without the header that
/// it wants for such methods and bodies, or, where it refuses browsers, from what calls itself one.
[[nodiscard]] std::optional<ServerResponse> refuse_forged(const Product& product,
                                                          const Visit& visit);

}  // namespace atlink::plugins::sandbox
