// SPDX-License-Identifier: Apache-2.0
// A secret is moved into another, never copied over it.
// refused because: deleted (function|operator)
#include "atlink/secret.h"

#include <utility>

void replace(atlink::Secret& old, atlink::Secret& fresh) {
#ifdef ATLINK_MUST_NOT_COMPILE
  old = fresh;
#else
  old = std::move(fresh);
#endif
}
