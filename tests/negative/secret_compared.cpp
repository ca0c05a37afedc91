// SPDX-License-Identifier: Apache-2.0
// Secrets are compared in constant time, by name.
// refused because: no match for .operator==.|invalid operands
#include "atlink/secret.h"

bool same(const atlink::Secret& a, const atlink::Secret& b) {
#ifdef ATLINK_MUST_NOT_COMPILE
  return a == b;
#else
  return a.equals(b.expose());
#endif
}
