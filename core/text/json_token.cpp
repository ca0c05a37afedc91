// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_token.h"

#include "core/text/ascii.h"

namespace atlink::json {

namespace {

bool is_hex(std::string_view digits) {
  return digits.size() == 4 && text::hex_value(digits[0]) >= 0 && text::hex_value(digits[1]) >= 0 &&
         text::hex_value(digits[2]) >= 0 && text::hex_value(digits[3]) >= 0;
}

/// Moves `text` behind its leading digits; false if there are none.
bool take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && text::is_digit(text[count])) {
    ++count;
  }
  text.remove_prefix(count);
  return count > 0;
}

bool take(std::string_view& text, std::string_view any_of) {
  const bool there = !text.empty() && any_of.find(text.front()) != std::string_view::npos;
  text.remove_prefix(there ? 1 : 0);
  return there;
}

}  // namespace

bool escapes_fit(std::string_view text) {
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    const char escaped = at + 1 < text.size() ? text[at + 1] : '\0';
    const bool plain = std::string_view("\"\\/bfnrt").find(escaped) != std::string_view::npos;
    if (!plain && (escaped != 'u' || !is_hex(text.substr(at + 2, 4)))) {
      return false;
    }
    at += plain ? 2 : 6;
  }
  return true;
}

bool is_number(std::string_view token) {
  take(token, "-");
  if (!take(token, "0") && !take_digits(token)) {
    return false;
  }
  if (take(token, ".") && !take_digits(token)) {
    return false;
  }
  if (take(token, "eE")) {
    take(token, "+-");
    if (!take_digits(token)) {
      return false;
    }
  }
  return token.empty();
}

bool is_number_or_word(std::string_view token) {
  switch (token.empty() ? '\0' : token.front()) {
    case 't':
      return token == "true";
    case 'f':
      return token == "false";
    case 'n':
      return token == "null";
    default:
      return is_number(token);
  }
}

}  // namespace atlink::json
