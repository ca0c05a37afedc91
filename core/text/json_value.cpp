// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"

#include <array>
#include <cassert>
#include <utility>

namespace atlink::json {

const Value* Value::find(std::string_view name) const {
  const Object* object = as_object();
  if (object == nullptr) {
    return nullptr;
  }
  for (const auto& [key, value] : *object) {
    if (key == name) {
      return &value;
    }
  }
  return nullptr;
}

void Value::set(std::string name, Value value) {
  if (is_null()) {
    data_ = Object();
  }
  Object* object = as_object();
  assert(object != nullptr && "only an object has members");
  for (auto& [key, old] : *object) {
    if (key == name) {
      old = std::move(value);
      return;
    }
  }
  object->emplace_back(std::move(name), std::move(value));
}

std::string_view Value::kind() const {
  constexpr std::array<std::string_view, 7> names{
      "null", "boolean", "integer", "number", "string", "array", "object"};
  return names.at(data_.index());
}

bool operator==(const Value& a, const Value& b) {
  return a.data_ == b.data_;
}

}  // namespace atlink::json
