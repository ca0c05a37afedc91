// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/problem.h"

#include <algorithm>
#include <cctype>

namespace atlink::plugins {

namespace {

/// Walks text that a JSON reader has accepted before; on other text it ends somewhere, in bounds.
class Walker {
 public:
  Walker(std::string_view text, std::string_view pointer) : text_(text), pointer_(pointer) {}

  /// Offset of the wanted value, or npos.
  std::size_t find() {
    for (;;) {
      skip_space();
      if (pointer_.empty()) {
        return at_;
      }
      const std::string segment = next_segment();
      const bool found = peek() == '{' ? enter_object(segment) : enter_array(segment);
      if (!found) {
        return std::string_view::npos;
      }
    }
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }

  /// Takes the first segment off the pointer, as it is escaped there.
  std::string next_segment() {
    const std::size_t end = std::min(pointer_.find('/', 1), pointer_.size());
    std::string segment(pointer_.substr(1, end - 1));
    pointer_.remove_prefix(end);
    return segment;
  }

  /// Past a string; gives what is between the quotes, escapes as they stand.
  std::string_view take_string() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    const std::size_t end = std::min(at_, text_.size());
    at_ = end + 1;
    return text_.substr(std::min(begin, end), end - std::min(begin, end));
  }

  /// Past any value.
  void skip_value() {
    int depth = 0;
    for (bool more = true; more && at_ < text_.size();) {
      const char c = peek();
      if (c == '"') {
        take_string();
      } else {
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        ++at_;
      }
      const char next = peek();
      more = depth > 0 || (next != ',' && next != '}' && next != ']' && next != '\0');
    }
  }

  bool enter_object(std::string_view segment) {
    for (++at_; at_ < text_.size(); ++at_) {
      skip_space();
      if (peek() != '"') {
        return false;
      }
      const std::string_view name = take_string();
      skip_space();
      ++at_;  // the colon
      skip_space();
      if (pointer_segment(name) == segment) {
        return true;
      }
      skip_value();
      skip_space();
      if (peek() != ',') {
        return false;
      }
    }
    return false;
  }

  bool enter_array(std::string_view segment) {
    if (peek() != '[') {
      return false;
    }
    for (std::size_t index = 0; at_ < text_.size(); ++index) {
      ++at_;  // the bracket or a comma
      skip_space();
      if (std::to_string(index) == segment) {
        return peek() != ']';
      }
      skip_value();
      skip_space();
      if (peek() != ',') {
        return false;
      }
    }
    return false;
  }

  std::string_view text_;
  std::string_view pointer_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t line_of(std::string_view text, std::string_view pointer) {
  if (text.empty() || (!pointer.empty() && pointer.front() != '/')) {
    return 0;
  }
  const std::size_t offset = Walker(text, pointer).find();
  if (offset >= text.size()) {
    return 0;
  }
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(offset);
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

}  // namespace atlink::plugins
