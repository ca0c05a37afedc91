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
  /// References without a file lead into `shared`, as those into its file do.
  SchemaMembers(const json::Value& schema, const json::Value& shared) : shared_(shared) {
    visit(schema, "");
  }

  std::set<std::string> all;

 private:
  void visit(const json::Value& schema, const std::string& at) {
    if (const json::Value* reference = schema.find("$ref")) {
      const std::string& text = *reference->as_string();
      const std::string name = text.substr(text.rfind('/') + 1);
      // A tree of JSON has itself as a part; the language has no names in it.
      if (open_.insert(name).second) {
        visit(*shared_.find("$defs")->find(name), at);
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

  const json::Value& shared_;
  std::set<std::string> open_;
};

std::set<std::string> set_of(const std::vector<std::string>& members) {
  return {members.begin(), members.end()};
}

std::set<std::string> reader_members() {
  return set_of(language_members());
}

json::Value schema(const std::string& name) {
  auto document = json::parse(source("plugins/schema/" + name + ".schema.json"));
  REQUIRE(document.has_value());
  return std::move(document).value();
}

void check_same(const std::set<std::string>& in_schema, const std::set<std::string>& in_reader) {
  for (const std::string& name : in_schema) {
    CHECK_MESSAGE(in_reader.count(name) == 1, "only the schema has " << name);
  }
  for (const std::string& name : in_reader) {
    CHECK_MESSAGE(in_schema.count(name) == 1, "only the reader has " << name);
  }
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
  const json::Value product = schema("product");
  const SchemaMembers members(product, product);
  CHECK(members.all.size() > 80);
  check_same(members.all, reader_members());
}

TEST_CASE("schema: that of catalogues has exactly their members") {
  const json::Value product = schema("product");
  const SchemaMembers members(schema("catalogue"), product);
  CHECK(members.all.size() > 30);
  check_same(members.all, set_of(catalogue_members()));
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
