// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/product.h"
#include "plugins/host/reading.h"

namespace atlink::plugins {

/// Checks that what one part of an effective description names stands in another: pagers, query
/// languages, operations, settings. Reports `name-missing`.
void check_references(Reading& reading, const Product& product);

}  // namespace atlink::plugins
