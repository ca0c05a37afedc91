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

/// Text in which nothing can play tricks on a terminal: `printable` has nothing to change.
inline bool is_plain(std::string_view text) {
  return printable(text, longest_text) == text;
}

/// Stores a string that `accepts` takes, and reports it under `rule` otherwise.
template <class Accepts>
void read_text_if(Reading& reading,
                  const json::Value& value,
                  std::string& to,
                  Accepts accepts,
                  std::string_view rule,
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
