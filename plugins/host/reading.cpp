// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/reading.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace atlink::plugins {

namespace {

std::optional<std::int64_t> whole_number(const json::Value& value) {
  if (const std::int64_t* integer = value.as_integer()) {
    return *integer;
  }
  const double* number = value.as_double();
  // As far as every whole number has a double of its own.
  if (number == nullptr || std::trunc(*number) != *number || std::abs(*number) > 9007199254740992) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

}  // namespace

Reading::Step::Step(Reading& reading, std::string_view segment)
    : reading_(reading), length_(reading.pointer_.size()) {
  reading_.pointer_ += '/';
  reading_.pointer_ += pointer_segment(segment);
}

Reading::Step::Step(Reading& reading, std::size_t index)
    : Step(reading, std::string_view(std::to_string(index))) {}

Reading::Step::~Step() {
  reading_.pointer_.resize(length_);
}

void Reading::report(RuleName rule, std::string message, std::string next) {
  problems_.push_back({pointer_, rule, std::move(message), std::move(next)});
}

void Reading::wrong_kind(const json::Value& value, std::string_view wanted) {
  report("kind",
         fmt::format("this must be {}, and is {}", wanted, value.kind()),
         fmt::format("write {} in its place", wanted));
}

const std::string* Reading::string(const json::Value& value) {
  const std::string* text = value.as_string();
  if (text == nullptr) {
    wrong_kind(value, "a string");
  }
  return text;
}

const json::Array* Reading::array(const json::Value& value) {
  const json::Array* elements = value.as_array();
  if (elements == nullptr) {
    wrong_kind(value, "an array");
  }
  return elements;
}

const json::Object* Reading::object(const json::Value& value) {
  const json::Object* members = value.as_object();
  if (members == nullptr) {
    wrong_kind(value, "an object");
  }
  return members;
}

const bool* Reading::boolean(const json::Value& value) {
  const bool* flag = value.as_bool();
  if (flag == nullptr) {
    wrong_kind(value, "true or false");
  }
  return flag;
}

std::optional<std::int64_t> Reading::integer(const json::Value& value) {
  const auto number = whole_number(value);
  if (!number) {
    wrong_kind(value, "a whole number");
  }
  return number;
}

bool is_same(const json::Value& a, const json::Value& b) {
  const auto number = whole_number(a);
  return number ? number == whole_number(b) : a == b;
}

}  // namespace atlink::plugins
