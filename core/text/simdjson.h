// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only way to simdjson, with its throwing conversions switched off: every result has to be
// looked at.
#ifndef SIMDJSON_EXCEPTIONS
#  define SIMDJSON_EXCEPTIONS 0
#endif

#include <simdjson.h>

#include <string_view>

namespace atlink::text {

/// The text without a byte order mark, which RFC 8259 section 8.1 lets a reader ignore.
[[nodiscard]] inline std::string_view without_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.substr(0, mark.size()) == mark ? text.substr(mark.size()) : text;
}

}  // namespace atlink::text
