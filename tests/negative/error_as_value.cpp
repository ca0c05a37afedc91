// SPDX-License-Identifier: Apache-2.0
// A value cannot be made from an Error by accident: failing is said with fail().
// refused because: could not convert|cannot convert|no viable conversion|no matching function
#include "atlink/result.h"

atlink::Result<int> parse() {
#ifdef ATLINK_MUST_NOT_COMPILE
  return atlink::make_error(atlink::ErrorCode::usage, "not a number");
#else
  return atlink::fail(atlink::ErrorCode::usage, "not a number");
#endif
}
