// SPDX-License-Identifier: Apache-2.0
#include "core/oauth1/challenge.h"

#include "atlink/url.h"
#include "core/text/ascii.h"

#include <algorithm>
#include <optional>
#include <string>

namespace atlink::oauth1 {

namespace {

/// RFC 9110 section 5.6.2.
bool is_token_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return text::is_alnum(c) || others.find(c) != std::string_view::npos;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

class FieldReader {
 public:
  explicit FieldReader(std::string_view field) : rest_(field) {}

  std::vector<Challenge> read() {
    for (skip_separators(); !rest_.empty(); skip_separators()) {
      if (!read_item()) {
        mark_malformed();
        rest_.remove_prefix(std::min(rest_.find(','), rest_.size()));
      }
    }
    return std::move(challenges_);
  }

 private:
  /// A scheme, or a parameter of the latest one.
  bool read_item() {
    const std::string_view name = take_token();
    if (name.empty()) {
      return false;
    }
    skip_blanks();
    if (!rest_.starts_with('=')) {
      challenges_.push_back({name, {}, true});
      return true;
    }
    rest_.remove_prefix(1);
    skip_blanks();
    auto value = take_value();
    if (!value.has_value() || challenges_.empty()) {
      return false;
    }
    challenges_.back().parameters.emplace_back(std::string(name), std::move(*value));
    return true;
  }

  std::optional<std::string> take_value() {
    if (rest_.starts_with('"')) {
      return take_quoted();
    }
    const std::size_t size = std::min(rest_.find_first_of(", \t"), rest_.size());
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }

  /// RFC 9110 section 5.6.4; none where the closing quote is missing.
  std::optional<std::string> take_quoted() {
    std::string value;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return value;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) {
        ++i;
      }
      value += rest_[i];
    }
    rest_ = {};
    return std::nullopt;
  }

  std::string_view take_token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token_character);
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    const std::string_view token = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return token;
  }

  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_.front())) {
      rest_.remove_prefix(1);
    }
  }

  void skip_separators() {
    while (!rest_.empty() && (is_blank(rest_.front()) || rest_.front() == ',')) {
      rest_.remove_prefix(1);
    }
  }

  void mark_malformed() {
    if (challenges_.empty()) {
      challenges_.emplace_back();
    }
    challenges_.back().well_formed = false;
  }

  std::string_view rest_;
  std::vector<Challenge> challenges_;
};

}  // namespace

std::vector<Challenge> read_challenges(std::string_view field) {
  return FieldReader(field).read();
}

bool is_oauth(const Challenge& challenge) {
  return equals_ignoring_case(challenge.scheme, "OAuth");
}

FormFields decoded_parameters(const Challenge& challenge) {
  FormFields fields;
  fields.reserve(challenge.parameters.size());
  for (const auto& [name, value] : challenge.parameters) {
    fields.emplace_back(percent_decode(name), percent_decode(value));
  }
  return fields;
}

}  // namespace atlink::oauth1
