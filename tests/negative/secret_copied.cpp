// SPDX-License-Identifier: Apache-2.0
// A secret moves; a copy has to be asked for by name.
// refused because: deleted (function|constructor)
#include "atlink/secret.h"

#include <utility>

atlink::Secret hand_over(atlink::Secret secret) {
#ifdef ATLINK_MUST_NOT_COMPILE
  return atlink::Secret(std::as_const(secret));
#else
  return secret.clone();
#endif
}
