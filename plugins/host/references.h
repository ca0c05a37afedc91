// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/product.h"
#include "plugins/host/reading.h"
#include "plugins/host/registry.h"

#include <string>
#include <utility>
#include <vector>

namespace atlink::plugins {

/// Checks that what one part of an effective description names stands in another: pagers, query
/// languages, operations, settings; as far as those parts are there. Reports `name-missing`.
void check_references(Reading& reading, const Product& product, Parts parts);

/// Checks that the settings that link screens name are there and are texts. Reports `name-missing`.
void check_templates(Reading& reading,
                     const std::vector<std::pair<std::string, LinkScreen>>& screens,
                     const std::vector<Setting>& settings);

}  // namespace atlink::plugins
