// SPDX-License-Identifier: Apache-2.0
// A secret has no way into a stream but expose().
// refused because: no match for .operator<<.|invalid operands
#include "atlink/secret.h"

#include <ostream>

void write(std::ostream& out, const atlink::Secret& secret) {
#ifdef ATLINK_MUST_NOT_COMPILE
  out << secret;
#else
  out << secret.expose();
#endif
}
