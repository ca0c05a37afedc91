// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/product.h"

namespace atlink::fuzz {

/// Ends the process where a product that a description without problems gave breaks what the
/// language promises: it cannot leave the site, reach an origin that it did not declare, send a
/// credential, have a POST repeated, or show a terminal anything but text.
void check_promises(const Product& product);

}  // namespace atlink::fuzz
