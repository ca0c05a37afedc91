// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/registry.h"

#include <string>

namespace atlink::cli {

/// A description for people: every section that it has, each value with the id of the description
/// that it came from in brackets. What a deployment says differently stands below, under its name.
[[nodiscard]] std::string to_text(const plugins::Description& description);

}  // namespace atlink::cli
