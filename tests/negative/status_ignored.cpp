// SPDX-License-Identifier: Apache-2.0
// An outcome without a value must be looked at too.
// refused because: nodiscard
#include "atlink/result.h"

atlink::Status close_file();

atlink::Status use() {
#ifdef ATLINK_MUST_NOT_COMPILE
  close_file();
#else
  ATLINK_CHECK(close_file());
#endif
  return {};
}
