// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/schema_members.h"

#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <utility>

namespace atlink::tests {

json::Value schema_of(const std::string& name) {
  auto document = json::parse(source("plugins/schema/" + name + ".schema.json"));
  REQUIRE(document.has_value());
  return std::move(document).value();
}

SchemaMembers::SchemaMembers(const json::Value& schema, const json::Value& shared)
    : shared_(shared) {
  visit(schema, "");
}

void SchemaMembers::follow(const std::string& reference, const std::string& at) {
  const std::string name = reference.substr(reference.rfind('/') + 1);
  // A tree of JSON has itself as a part; the language has no names in it.
  if (open_.insert(name).second) {
    visit(*shared_.find("$defs")->find(name), at);
    open_.erase(name);
  }
}

void SchemaMembers::take_words(const json::Value& schema, const std::string& at) {
  const json::Value* known = schema.find("enum");
  for (std::size_t i = 0; known != nullptr && i < known->as_array()->size(); ++i) {
    if (const std::string* word = (*known->as_array())[i].as_string()) {
      words[at].insert(*word);
    }
  }
  const json::Value* type = schema.find("type");
  if (type != nullptr && *type == json::Value(json::Array{"boolean", "null"})) {
    flags.insert(at);
  }
}

void SchemaMembers::visit(const json::Value& schema, const std::string& at) {
  take_words(schema, at);
  if (const json::Value* reference = schema.find("$ref")) {
    follow(*reference->as_string(), at);
  }
  for (const char* several : {"allOf", "anyOf"}) {
    const json::Value* list = schema.find(several);
    for (std::size_t i = 0; list != nullptr && i < list->as_array()->size(); ++i) {
      visit((*list->as_array())[i], at);
    }
  }
  if (const json::Value* items = schema.find("items")) {
    visit(*items, at);
  }
  if (const json::Value* properties = schema.find("properties")) {
    for (const auto& [name, below] : *properties->as_object()) {
      all.insert(at + "/" + name);
      visit(below, at + "/" + name);
    }
  }
  const json::Value* entries = schema.find("additionalProperties");
  if (entries != nullptr && entries->as_object() != nullptr) {
    all.insert(at + "/*");
    visit(*entries, at + "/*");
  }
}

}  // namespace atlink::tests
