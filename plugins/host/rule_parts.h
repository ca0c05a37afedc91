// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/text.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

/// What several of the rules share.
namespace atlink::plugins {

/// In characters, as the schema counts.
inline constexpr std::size_t longest_text = 2000;
inline constexpr std::size_t longest_word = 64;

inline bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

inline bool is_letter(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}

/// Characters (code points) of UTF-8 text.
inline std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// Text in which nothing can play tricks on a terminal: `printable` has nothing to change.
inline bool is_plain(std::string_view text) {
  return printable(text, text.size()) == text;
}

/// Whether `text` is short and plain enough for a person; reports it otherwise.
bool judge_text(Reading& reading, std::string_view text);

/// [a-z][a-z0-9_]{0,63}.
inline bool is_parameter_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_word && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || is_digit(c) || c == '_';
         });
}

/// Stores a string that `accepts` takes, and reports it under `rule` otherwise.
template <class Accepts>
void read_text_if(Reading& reading,
                  const json::Value& value,
                  std::string& to,
                  Accepts accepts,
                  RuleName rule,
                  std::string_view wanted) {
  const std::string* text = reading.string(value);
  if (text == nullptr) {
    return;
  }
  if (!accepts(std::string_view(*text))) {
    reading.report(rule,
                   fmt::format("\"{}\" cannot be used here", printable(*text, 100)),
                   fmt::format("give {}", wanted));
    return;
  }
  to = *text;
}

}  // namespace atlink::plugins
