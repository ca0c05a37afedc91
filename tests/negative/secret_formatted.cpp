// SPDX-License-Identifier: Apache-2.0
// A secret cannot be an argument of a format string.
// refused because: Cannot format an argument|deleted constructor of .conditional_t<has_formatter
#include "atlink/secret.h"

#include <fmt/format.h>

#include <string>

std::string message(const atlink::Secret& secret) {
#ifdef ATLINK_MUST_NOT_COMPILE
  return fmt::format("{}", secret);
#else
  return fmt::format("{} bytes", secret.size());
#endif
}
