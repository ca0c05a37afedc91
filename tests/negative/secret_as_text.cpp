// SPDX-License-Identifier: Apache-2.0
// A secret does not turn into text by itself, nor text into a secret.
// refused because: could not convert|cannot convert|no viable conversion|conversion from
#include "atlink/secret.h"

#include <string>
#include <string_view>

void keep(const atlink::Secret& secret);

void pass(const std::string& text) {
#ifdef ATLINK_MUST_NOT_COMPILE
  std::string_view back = atlink::Secret(text);
  keep(back);
#else
  keep(atlink::Secret(text));
#endif
}
