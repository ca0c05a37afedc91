// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// The grammar of single tokens (RFC 8259), for readers that pass over values without reading them.
namespace atlink::json {

/// Whether every backslash, read from the front, begins an escape of JSON (section 7). Of the rest
/// of the text it says nothing.
[[nodiscard]] bool escapes_fit(std::string_view text);

/// Section 6: a number of any size and precision.
[[nodiscard]] bool is_number(std::string_view token);

/// A number, or one of the three words of section 3.
[[nodiscard]] bool is_number_or_word(std::string_view token);

}  // namespace atlink::json
