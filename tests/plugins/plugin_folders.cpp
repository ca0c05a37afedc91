// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace atlink::tests {

std::string source(const std::string& name) {
  std::ifstream stream(std::string(ATLINK_SOURCE_DIR) + "/" + name, std::ios::binary);
  REQUIRE_MESSAGE(stream.good(), name);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string plugin_data(const std::string& name) {
  return source("tests/plugins/data/" + name);
}

json::Value acme() {
  auto document = json::parse(plugin_data("acme/product.json"));
  REQUIRE(document.has_value());
  return std::move(document).value();
}

json::Value small(const std::string& id, json::Object more) {
  json::Value description(json::Object{
      {"schema", 1}, {"id", id}, {"version", "1"}, {"name", "The " + id + " product"}});
  for (auto& [name, value] : more) {
    description.set(name, std::move(value));
  }
  return description;
}

PluginFolders::PluginFolders() {
  for (const plugins::SearchFolder& folder : folders) {
    files.folder(folder.path);
  }
}

void PluginFolders::put(const std::string& folder,
                        const std::string& id,
                        const json::Value& description) {
  files.file(folder + "/" + id + "/product.json", json::write(description, 2));
}

std::string said(const Error& error) {
  return error.message + " | " + error.next;
}

}  // namespace atlink::tests
