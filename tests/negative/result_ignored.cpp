// SPDX-License-Identifier: Apache-2.0
// A result must be looked at.
// refused because: nodiscard
#include "atlink/result.h"

atlink::Result<int> count();

void use() {
#ifdef ATLINK_MUST_NOT_COMPILE
  count();
#else
  if (const auto n = count(); !n.has_value()) {
    return;
  }
#endif
}
