// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/names.h"

namespace atlink::plugins::sandbox {

namespace {

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos;
       at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

}  // namespace

std::string Names::fill(std::string text) const {
  replace_all(text, "{user}", user);
  replace_all(text, "{base_url}", base_url);
  replace_all(text, "{version}", version);
  return text;
}

// NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
json::Value Names::fill(const json::Value& value) const {
  if (const std::string* text = value.as_string()) {
    return fill(*text);
  }
  json::Value filled = value;
  if (json::Array* elements = filled.as_array()) {
    for (json::Value& element : *elements) {
      element = fill(element);
    }
  } else if (json::Object* members = filled.as_object()) {
    for (auto& member : *members) {
      member.second = fill(member.second);
    }
  }
  return filled;
}

}  // namespace atlink::plugins::sandbox
