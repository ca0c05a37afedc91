// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::text {

/// One decoded character and how many bytes it took.
struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 0;
};

/// The character that begins at `at` (inside `text`); none where the bytes are not well-formed
/// (Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] std::optional<Utf8Character> decode_utf8(std::string_view text, std::size_t at);

/// U+FFFD in UTF-8, written where bytes are not well-formed.
inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

}  // namespace atlink::text
