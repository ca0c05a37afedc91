// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "core/text/utf8.h"

namespace atlink {

namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

bool breaks_line(char32_t code) {
  return (code >= 0x09 && code <= 0x0D) || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/// Control characters and what changes the direction of the text around it.
bool misleads(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E ||
         code == 0x200F || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/// The next character of `text` as it may be shown; moves `at` behind it. A run of line breaks
/// becomes one space.
std::string_view next_shown(std::string_view text, std::size_t& at) {
  const auto character = text::decode_utf8(text, at);
  if (!character) {
    ++at;
    return text::replacement_character;
  }
  const std::string_view bytes = text.substr(at, character->bytes);
  at += character->bytes;
  if (!breaks_line(character->code)) {
    return misleads(character->code) ? text::replacement_character : bytes;
  }
  while (at < text.size()) {
    const auto next = text::decode_utf8(text, at);
    if (!next || !breaks_line(next->code)) {
      break;
    }
    at += next->bytes;
  }
  return " ";
}

}  // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  const std::size_t room = max_bytes < ellipsis.size() ? 0 : max_bytes - ellipsis.size();
  std::string shown;
  // How much of `shown` may stay if the dots have to follow.
  std::size_t cut = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view piece = next_shown(text, at);
    if (shown.size() + piece.size() > max_bytes) {
      shown.resize(cut);
      if (max_bytes >= ellipsis.size()) {
        shown += ellipsis;
      }
      return shown;
    }
    shown += piece;
    if (shown.size() <= room) {
      cut = shown.size();
    }
  }
  return shown;
}

}  // namespace atlink
