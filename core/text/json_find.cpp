// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/text.h"
#include "core/text/ascii.h"
#include "core/text/json_pointer.h"
#include "core/text/simdjson.h"

#include <charconv>

namespace atlink::json {

namespace {

namespace ondemand = simdjson::ondemand;

/// Collects the scalars that the segments lead to. What stands beside the way is skipped unread.
class Finder {
 public:
  Finder(std::vector<std::string> segments, bool wildcard, std::size_t most)
      : segments_(std::move(segments)), wildcard_(wildcard), most_(most) {}

  /// False once something was malformed or there is enough.
  bool walk(ondemand::value value, std::size_t level) {
    if (level == segments_.size()) {
      return take(value);
    }
    ondemand::json_type type{};
    if (value.type().get(type)) {
      return false;
    }
    if (type == ondemand::json_type::object) {
      return walk_object(value, level);
    }
    return type != ondemand::json_type::array || walk_array(value, level);
  }

  std::vector<std::string> take_found() { return std::move(found_); }

 private:
  bool walk_object(ondemand::value value, std::size_t level) {
    ondemand::object object;
    if (value.get_object().get(object)) {
      return false;
    }
    const bool every = matches_all(level);
    for (auto member : object) {
      ondemand::field field;
      std::string_view name;
      if (std::move(member).get(field) || field.unescaped_key().get(name)) {
        return false;
      }
      if ((every || name == segments_[level]) && !walk(field.value(), level + 1)) {
        return false;
      }
    }
    return true;
  }

  bool walk_array(ondemand::value value, std::size_t level) {
    ondemand::array array;
    if (value.get_array().get(array)) {
      return false;
    }
    const bool every = matches_all(level);
    std::size_t index = 0;
    for (auto element : array) {
      ondemand::value inner;
      if (std::move(element).get(inner)) {
        return false;
      }
      if ((every || segments_[level] == std::to_string(index)) && !walk(inner, level + 1)) {
        return false;
      }
      ++index;
    }
    return true;
  }

  bool take(ondemand::value value) {
    ondemand::json_type type{};
    if (value.type().get(type)) {
      return false;
    }
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if (value.get_string().get(text)) {
        return false;
      }
      found_.emplace_back(text);
    } else if (type == ondemand::json_type::number) {
      // The digits as they stand: no integer is too long for that.
      found_.emplace_back(trim(value.raw_json_token()));
    }
    return found_.size() < most_;
  }

  [[nodiscard]] bool matches_all(std::size_t level) const {
    return wildcard_ && segments_[level] == "*";
  }

  std::vector<std::string> segments_;
  bool wildcard_;
  std::size_t most_;
  std::vector<std::string> found_;
};

/// The document itself, where that is a string or number.
std::vector<std::string> whole_document(std::string_view answer) {
  const Result<Value> value = parse(answer, answer.size());
  if (!value || value->as_array() != nullptr || value->as_object() != nullptr) {
    return {};
  }
  if (const std::string* text = value->as_string()) {
    return {*text};
  }
  const bool number = value->as_integer() != nullptr || value->as_double() != nullptr;
  return number ? std::vector{std::string(trim(text::without_mark(answer)))}
                : std::vector<std::string>();
}

std::vector<std::string> find(std::string_view answer,
                              std::string_view pointer,
                              bool wildcard,
                              std::size_t most) {
  auto segments = split_pointer(pointer);
  if (!segments || most == 0) {
    return {};
  }
  if (segments->empty()) {
    return whole_document(answer);
  }
  const simdjson::padded_string padded(text::without_mark(answer));
  ondemand::parser parser;
  ondemand::document document;
  ondemand::value root;
  if (parser.iterate(padded).get(document) || document.get_value().get(root)) {
    return {};
  }
  Finder finder(*std::move(segments), wildcard, most);
  finder.walk(root, 0);
  return finder.take_found();
}

}  // namespace

std::optional<std::string> find_string(std::string_view answer, std::string_view pointer) {
  const std::string_view text = trim(answer);
  const bool whole =
      pointer.empty() || (!text.empty() && (text.back() == '}' || text.back() == ']'));
  if (!whole) {
    return std::nullopt;
  }
  std::vector<std::string> found = find(answer, pointer, false, 1);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<std::string> find_strings(std::string_view answer,
                                      std::string_view pattern,
                                      std::size_t most) {
  return find(answer, pattern, true, most);
}

}  // namespace atlink::json
