// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/language.h"
#include "plugins/host/problem.h"
#include "plugins/host/rules.h"
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

/// Collects the members that a schema allows, as the reader lists its own.
class SchemaMembers {
 public:
  explicit SchemaMembers(const json::Value& schema) : schema_(schema) { visit(schema, ""); }

  std::set<std::string> all;

 private:
  void visit(const json::Value& schema, const std::string& at) {
    if (const json::Value* reference = schema.find("$ref")) {
      const std::string name = reference->as_string()->substr(std::string("#/$defs/").size());
      // A tree of JSON has itself as a part; the language has no names in it.
      if (open_.insert(name).second) {
        visit(*schema_.find("$defs")->find(name), at);
        open_.erase(name);
      }
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

  const json::Value& schema_;
  std::set<std::string> open_;
};

std::set<std::string> reader_members() {
  const auto members = language_members();
  return {members.begin(), members.end()};
}

/// How the page names a member: what every way to sign in has is explained once.
std::string explained_as(const std::string& name) {
  const std::string ways = "/sign_in/";
  const std::size_t end = name.find('/', ways.size());
  if (name.rfind(ways, 0) == 0 && end != std::string::npos) {
    const std::string rest = name.substr(end + 1);
    if (rest.rfind("versions", 0) == 0 || rest == "note" || rest == "expired_statuses") {
      return rest;
    }
  }
  return name;
}

}  // namespace

TEST_CASE("schema: it has exactly the members that the reader knows") {
  const auto schema = json::parse(source("plugins/schema/product.schema.json"));
  REQUIRE(schema.has_value());
  const SchemaMembers members(*schema);
  CHECK(members.all.size() > 80);
  for (const std::string& name : members.all) {
    CHECK_MESSAGE(reader_members().count(name) == 1, "only the schema has " << name);
  }
  for (const std::string& name : reader_members()) {
    CHECK_MESSAGE(members.all.count(name) == 1, "only the reader has " << name);
  }
}

TEST_CASE("schema: it allows the names in templates that the reader allows") {
  const std::string text = source("plugins/schema/product.schema.json");
  std::string names;
  for (const std::string_view name : template_names()) {
    names += (names.empty() ? "(" : "|") + std::string(name);
  }
  CHECK(text.find(names + ")") != std::string::npos);
}

TEST_CASE("schema: the page of the language explains every member, name and rule") {
  const std::string page = source("docs/product-description.md");
  for (const std::string& name : reader_members()) {
    if (name.rfind("/deployments/*/", 0) == 0 && name != "/deployments/*/hosts") {
      continue;  // the same members as outside
    }
    CHECK_MESSAGE(page.find("`" + explained_as(name) + "`") != std::string::npos, name);
  }
  for (const std::string_view name : template_names()) {
    CHECK_MESSAGE(page.find("`{" + std::string(name) + "}`") != std::string::npos, name);
  }
  const auto broken = json::parse(plugin_data("broken.json"));
  REQUIRE(broken.has_value());
  for (const json::Value& row : *broken->as_array()) {
    const std::string rule = *row.find("rule")->as_string();
    CHECK_MESSAGE(page.find("`" + rule + "`") != std::string::npos, rule);
  }
}

TEST_CASE("schema: the page shows the worked example as it is") {
  CHECK(source("docs/product-description.md").find(plugin_data("acme/product.json")) !=
        std::string::npos);
}

TEST_CASE("problems: a line is found through any JSON") {
  const std::string text = "{\n\"a\\\"b\": [1, {\n\"c/d\": \"}]\"}, [],\n {}, null],\n \"z\":3}";
  CHECK(line_of(text, "") == 1);
  CHECK(line_of(text, "/z") == 5);
  CHECK(line_of(text, "/a\\\"b/1") == 2);
  CHECK(line_of(text, "/a\\\"b/1/c~1d") == 3);
  CHECK(line_of(text, "/a\\\"b/4") == 4);
  CHECK(line_of(text, "/a\\\"b/5") == 0);
  CHECK(line_of(text, "/y") == 0);
  CHECK(line_of("", "/y") == 0);
  CHECK(line_of("[1", "/7") == 0);
  CHECK(line_of("{\"a\":", "/a/b") == 0);
}

TEST_CASE("problems: the nearest name is suggested only when it is near") {
  CHECK(nearest("sing_in", {"sign_in", "signals"}) == "sign_in");
  CHECK(nearest("Signals", {"sign_in", "signals"}) == "signals");
  CHECK(nearest("zebra", {"sign_in", "signals"}).empty());
  CHECK(nearest("x", {"id"}).empty());
  CHECK(nearest(std::string(100000, 'a'), {"id"}).empty());
}

TEST_SUITE_END();
