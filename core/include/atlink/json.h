// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace atlink::json {

class Value;
using Array = std::vector<Value>;
/// Members in the order of the text.
using Object = std::vector<std::pair<std::string, Value>>;

/// A small JSON document: descriptions, profiles, credential files, what commands print. Answers of
/// servers are not read into one of these (see `find_string`).
class ATLINK_API Value {
 public:
  Value() = default;  // null

  // NOLINTBEGIN(google-explicit-constructor): a literal is meant to become a value
  Value(std::nullptr_t) {}

  Value(bool value) : data_(value) {}

  Value(int value) : data_(static_cast<std::int64_t>(value)) {}

  Value(std::int64_t value) : data_(value) {}

  Value(double value) : data_(value) {}

  Value(std::string value) : data_(std::move(value)) {}

  Value(std::string_view value) : data_(std::string(value)) {}

  Value(const char* value) : data_(std::string(value)) {}

  Value(Array value) : data_(std::move(value)) {}

  Value(Object value) : data_(std::move(value)) {}

  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }

  /// Each answers null when the value is of another kind.
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&data_); }

  [[nodiscard]] const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&data_); }

  [[nodiscard]] const double* as_double() const { return std::get_if<double>(&data_); }

  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&data_); }

  [[nodiscard]] const Array* as_array() const { return std::get_if<Array>(&data_); }

  [[nodiscard]] const Object* as_object() const { return std::get_if<Object>(&data_); }

  [[nodiscard]] std::string* as_string() { return std::get_if<std::string>(&data_); }

  [[nodiscard]] Array* as_array() { return std::get_if<Array>(&data_); }

  [[nodiscard]] Object* as_object() { return std::get_if<Object>(&data_); }

  /// The member of an object, or null where there is none or this is no object.
  [[nodiscard]] const Value* find(std::string_view name) const;

  /// Sets or replaces a member; this becomes an object if it is null.
  void set(std::string name, Value value);

  /// "null", "boolean", "integer", "number", "string", "array" or "object".
  [[nodiscard]] std::string_view kind() const;

  ATLINK_API friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

/// Reads a document. Refused with `json_invalid`, naming line and column where they are known:
/// anything but one well-formed UTF-8 document, a name twice in one object, nesting over 64 levels,
/// more than `max_bytes`, an integer outside 64 bits.
[[nodiscard]] ATLINK_API Result<Value> parse(std::string_view text,
                                             std::size_t max_bytes = std::size_t{4} << 20);

/// Writes a document: `indent` 0 gives one line, else that many spaces a level and a line break at
/// the end.
[[nodiscard]] ATLINK_API std::string write(const Value& value, int indent = 0);

/// The text of a string or number at a JSON pointer (RFC 6901) inside an answer of a server,
/// without building a document and whatever else stands in it (which is passed over unread, big
/// integers and deep nesting included); none where it is absent or of another kind, or the text is
/// no JSON or was cut short.
[[nodiscard]] ATLINK_API std::optional<std::string> find_string(std::string_view answer,
                                                                std::string_view pointer);

/// The strings that stand at `pattern` in a server's answer: a JSON pointer in which one segment
/// "*" means every element or member ("/errors/*/message", "/errorMessages/*"). At most `most` of
/// them; of an answer that was cut short, those that can still be read.
[[nodiscard]] ATLINK_API std::vector<std::string> find_strings(std::string_view answer,
                                                               std::string_view pattern,
                                                               std::size_t most = 8);

}  // namespace atlink::json
