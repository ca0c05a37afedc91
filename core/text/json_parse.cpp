// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/text.h"
#include "core/text/simdjson.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace atlink::json {

namespace {

namespace dom = simdjson::dom;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t max_depth = 64;

// ---- where a malformed document goes wrong ------------------------------------------------------

simdjson::error_code walk(ondemand::value value, std::size_t depth);

simdjson::error_code walk_array(ondemand::array array, std::size_t depth) {
  for (auto element : array) {
    ondemand::value value;
    if (const auto error = std::move(element).get(value)) {
      return error;
    }
    if (const auto error = walk(value, depth + 1)) {
      return error;
    }
  }
  return simdjson::SUCCESS;
}

simdjson::error_code walk_object(ondemand::object object, std::size_t depth) {
  for (auto member : object) {
    ondemand::field field;
    if (const auto error = std::move(member).get(field)) {
      return error;
    }
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) {
      return error;
    }
    if (const auto error = walk(field.value(), depth + 1)) {
      return error;
    }
  }
  return simdjson::SUCCESS;
}

simdjson::error_code walk_scalar(ondemand::value value, ondemand::json_type type) {
  if (type == ondemand::json_type::string) {
    return value.get_string().error();
  }
  if (type == ondemand::json_type::number) {
    return value.get_number().error();
  }
  return type == ondemand::json_type::boolean ? value.get_bool().error() : value.is_null().error();
}

/// Visits every value, so that the cursor stops where the text does not fit.
simdjson::error_code walk(ondemand::value value, std::size_t depth) {
  if (depth > max_depth) {
    return simdjson::DEPTH_ERROR;
  }
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) {
    return error;
  }
  if (type == ondemand::json_type::array) {
    ondemand::array array;
    const auto error = value.get_array().get(array);
    return error ? error : walk_array(array, depth);
  }
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    const auto error = value.get_object().get(object);
    return error ? error : walk_object(object, depth);
  }
  return walk_scalar(value, type);
}

/// Line and column (from 1, in bytes) of `at`.
std::string line_and_column(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_break = before.rfind('\n');
  const std::size_t column = line_break == std::string_view::npos ? at + 1 : at - line_break;
  return fmt::format("line {}, column {}", line, column);
}

/// " at line 2, column 5", or nothing where that cannot be said.
std::string locate(const simdjson::padded_string& padded) {
  const std::string_view text(padded.data(), padded.size());
  ondemand::parser parser;
  ondemand::document document;
  ondemand::value root;
  if (parser.iterate(padded).get(document) || document.get_value().get(root) || !walk(root, 1)) {
    return {};
  }
  const char* location = nullptr;
  if (document.current_location().get(location) || location < text.data() ||
      location > text.data() + text.size()) {
    return {};
  }
  return " at " + line_and_column(text, static_cast<std::size_t>(location - text.data()));
}

// ---- the document -------------------------------------------------------------------------------

/// Builds a Value; the path to where it is goes into errors.
class Builder {
 public:
  Result<Value> build(const dom::element& element) {
    switch (element.type()) {
      case dom::element_type::ARRAY:
        return build_array(dom::array(element.get_array().value_unsafe()));
      case dom::element_type::OBJECT:
        return build_object(dom::object(element.get_object().value_unsafe()));
      case dom::element_type::INT64:
        return Value(element.get_int64().value_unsafe());
      case dom::element_type::UINT64:
        return fail(ErrorCode::json_invalid,
                    fmt::format("the integer at {} is outside 64 bits", place()));
      case dom::element_type::DOUBLE:
        return Value(element.get_double().value_unsafe());
      case dom::element_type::STRING:
        return Value(std::string_view(element.get_string().value_unsafe()));
      case dom::element_type::BOOL:
        return Value(element.get_bool().value_unsafe());
      case dom::element_type::NULL_VALUE:
        return Value();
    }
    return fail(ErrorCode::internal, "an unknown kind of JSON value");
  }

 private:
  Result<Value> build_array(const dom::array& array) {
    Array built;
    for (const dom::element& element : array) {
      const Step step(path_, fmt::format("/{}", built.size()));
      ATLINK_ASSIGN(Value value, build(element));
      built.push_back(std::move(value));
    }
    return Value(std::move(built));
  }

  Result<Value> build_object(const dom::object& object) {
    Object built;
    std::set<std::string_view> names;
    for (const dom::key_value_pair& member : object) {
      if (!names.insert(member.key).second) {
        return fail(
            ErrorCode::json_invalid,
            fmt::format(
                "\"{}\" stands twice in the object at {}", printable(member.key, 80), place()),
            "keep one of the two");
      }
      const Step step(path_, fmt::format("/{}", member.key));
      ATLINK_ASSIGN(Value value, build(member.value));
      built.emplace_back(std::string(member.key), std::move(value));
    }
    return Value(std::move(built));
  }

  /// Lengthens the path while it lives.
  class Step {
   public:
    Step(std::string& path, const std::string& more) : path_(path), length_(path.size()) {
      path_ += more;
    }

    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

    ~Step() { path_.resize(length_); }

   private:
    std::string& path_;
    std::size_t length_;
  };

  [[nodiscard]] std::string place() const {
    return path_.empty() ? "the top" : printable(path_, 160);
  }

  std::string path_;
};

std::string what_is_wrong(simdjson::error_code error) {
  switch (error) {
    case simdjson::EMPTY:
      return "there is no JSON, only white space or nothing";
    case simdjson::UTF8_ERROR:
      return "the text is not UTF-8";
    case simdjson::DEPTH_ERROR:
      return fmt::format("the JSON nests deeper than {} levels", max_depth);
    case simdjson::NUMBER_ERROR:
      return "a number is malformed or outside 64 bits";
    case simdjson::STRING_ERROR:
    case simdjson::UNESCAPED_CHARS:
      return "a string has a bad escape or a control character";
    case simdjson::UNCLOSED_STRING:
      return "a string is not closed";
    default:
      return "the JSON is malformed";
  }
}

}  // namespace

Result<Value> parse(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return fail(
        ErrorCode::json_invalid,
        fmt::format(
            "the text has {} bytes, which is over the limit of {}", text.size(), max_bytes));
  }
  const simdjson::padded_string padded(text::without_mark(text));
  dom::parser parser;
  auto error = parser.allocate(padded.size(), max_depth);
  dom::element root;
  if (!error) {
    error = parser.parse(padded).get(root);
  }
  if (error) {
    return fail(ErrorCode::json_invalid, what_is_wrong(error) + locate(padded));
  }
  return Builder().build(root);
}

}  // namespace atlink::json
