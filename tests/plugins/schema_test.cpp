// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/language.h"
#include "plugins/host/problem.h"
#include "plugins/host/rules.h"
#include "tests/plugins/plugin_folders.h"
#include "tests/plugins/schema_members.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

std::set<std::string> set_of(const std::vector<std::string>& members) {
  return {members.begin(), members.end()};
}

std::set<std::string> reader_members() {
  return set_of(language_members());
}

void check_same(const std::set<std::string>& in_schema, const std::set<std::string>& in_reader) {
  for (const std::string& name : in_schema) {
    CHECK_MESSAGE(in_reader.count(name) == 1, "only the schema has " << name);
  }
  for (const std::string& name : in_reader) {
    CHECK_MESSAGE(in_schema.count(name) == 1, "only the reader has " << name);
  }
}

}  // namespace

TEST_CASE("schema: it has exactly the members that the reader knows") {
  const json::Value product = schema_of("product");
  const SchemaMembers members(product, product);
  CHECK(members.all.size() > 80);
  check_same(members.all, reader_members());
}

TEST_CASE("schema: that of catalogues has exactly their members") {
  const json::Value product = schema_of("product");
  const SchemaMembers members(schema_of("catalogue"), product);
  CHECK(members.all.size() > 30);
  check_same(members.all, set_of(catalogue_members()));
}

TEST_CASE("schema: it allows the names in templates that the reader allows") {
  const std::string text = source("plugins/schema/product.schema.json");
  std::string names;
  for (const std::string_view name : template_names()) {
    names += (names.empty() ? "(" : "|") + std::string(name);
  }
  CHECK(text.find(names + R"(|setting\\.[a-z][a-z0-9_]{0,63}))") != std::string::npos);
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
