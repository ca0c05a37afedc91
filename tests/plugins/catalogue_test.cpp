// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/registry.h"
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

constexpr const char* things = R"({
  "schema": 1,
  "operations": {
    "thing-get": {
      "summary": "read a thing",
      "path": "/api/things/{key}",
      "parameters": { "key": { "required": true } }
    }
  }
})";

json::Value with_catalogues(const std::string& id, const std::string& more) {
  const auto added = json::parse(more);
  REQUIRE(added.has_value());
  return small(id, *added->as_object());
}

/// A machine on which /flag/acme has a catalogue "things".
struct Machine : PluginFolders {
  explicit Machine(const std::string& more = R"({"catalogues": ["things"]})",
                   const std::string& catalogue = things) {
    put(flag, "acme", with_catalogues("acme", more));
    files.file("/flag/acme/catalogue/things.json", catalogue);
  }

  Result<Product> operations(const std::string& id = "acme") {
    return registry().product_with_operations(id, std::nullopt);
  }

  /// The problem of the plugin, which must have one.
  Error problem() {
    auto product = operations();
    REQUIRE_FALSE(product.has_value());
    CAPTURE(said(product.error()));
    CHECK_FALSE(product.error().next.empty());
    return std::move(product).error();
  }
};

std::vector<std::string> names(const std::vector<Operation>& operations) {
  std::vector<std::string> all;
  for (const Operation& operation : operations) {
    all.push_back(operation.name);
  }
  return all;
}

bool was_opened(const Machine& machine, const std::string& path) {
  const auto& opened = machine.files.opened;
  return std::find(opened.begin(), opened.end(), path) != opened.end();
}

}  // namespace

TEST_CASE("catalogues: their operations come to those of the description") {
  Machine machine(R"({"catalogues": ["things"],
                      "operations": {"own": {"summary": "an own one", "path": "/api/own"}}})");
  const auto product = machine.operations();
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  CHECK(names(product->operations) == std::vector<std::string>{"own", "thing-get"});
  CHECK(product->operations[1].path == "/api/things/{key}");
  CHECK(product->catalogues == std::vector<std::string>{"things"});
}

TEST_CASE("catalogues: nothing else reads them") {
  Machine machine;
  const auto product = machine.registry().product("acme", std::nullopt);
  REQUIRE(product.has_value());
  CHECK(product->operations.empty());
  CHECK(machine.registry().list().has_value());
  CHECK_FALSE(was_opened(machine, "/flag/acme/catalogue/things.json"));
  CHECK(machine.operations().has_value());
  CHECK(was_opened(machine, "/flag/acme/catalogue/things.json"));
}

TEST_CASE("catalogues: a description that builds on another has its catalogues, or its own") {
  Machine machine;
  machine.put(PluginFolders::flag, "shop", small("shop", {{"extends", "acme"}}));
  auto product = machine.operations("shop");
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  CHECK(names(product->operations) == std::vector<std::string>{"thing-get"});

  machine.files.file("/flag/shop/catalogue/things.json",
                     R"({"schema": 1, "operations": {"own": {"summary": "x", "path": "/own"}}})");
  product = machine.operations("shop");
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  CHECK(names(product->operations) == std::vector<std::string>{"own"});
}

TEST_CASE("catalogues: a deployment may have others") {
  Machine machine(R"({"preferred_deployment": "data-center", "catalogues": ["things"],
                      "deployments": {"data-center": {}, "cloud": {"catalogues": null}}})");
  CHECK(machine.operations()->operations.size() == 1);
  const auto cloud = machine.registry().product_with_operations("acme", Deployment::cloud);
  REQUIRE_MESSAGE(cloud.has_value(), said(cloud.error()));
  CHECK(cloud->operations.empty());
}

TEST_CASE("catalogues: a deployment that is not there is told as everywhere") {
  Machine machine;
  const auto cloud = machine.registry().product_with_operations("acme", Deployment::cloud);
  REQUIRE_FALSE(cloud.has_value());
  CHECK(cloud.error().code == ErrorCode::product_unsupported);
}

TEST_CASE("catalogues: recipes, tokens and operations reach across the files") {
  const std::string description = R"({"catalogues": ["things"],
      "sign_in": {"token": {"create": "thing-get"}},
      "pagers": {"pages": {"style": "page", "position": "p"}},
      "query_languages": {"aql": {}},
      "recipes": {"both": {"summary": "x", "steps": [{"operation": "thing-list"}]}}})";
  const std::string catalogue = R"({"schema": 1,
      "x-note": "from the manual",
      "operations": {
        "thing-get": {"summary": "x", "path": "/a"},
        "thing-list": {"summary": "x", "path": "/b", "pager": "pages",
                       "parameters": {"q": {"literal": "aql"}}, "query": {"q": "{q}"}}},
      "recipes": {"again": {"summary": "x", "steps": [{"operation": "thing-get"}]}}})";
  Machine machine(description, catalogue);
  const auto product = machine.operations();
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  CHECK(product->recipes.size() == 2);
}

TEST_CASE("catalogues: what is named and in no file is told with its file") {
  struct Row {
    const char* description;
    const char* catalogue;
    const char* file;
    const char* pointer;
  };

  const std::vector<Row> rows{
      {R"({"catalogues": ["things"], "sign_in": {"token": {"create": "gone"}}})",
       things,
       "/flag/acme/product.json",
       "/sign_in/token/create"},
      {R"({"catalogues": ["things"],
           "recipes": {"r": {"summary": "x", "steps": [{"operation": "gone"}]}}})",
       things,
       "/flag/acme/product.json",
       "/recipes/r/steps/0/operation"},
      {R"({"catalogues": ["things"]})",
       R"({"schema": 1, "operations": {"o": {"summary": "x", "path": "/a", "pager": "gone"}}})",
       "/flag/acme/catalogue/things.json",
       "/operations/o/pager"},
      {R"({"catalogues": ["things"]})",
       R"({"schema": 1, "operations": {"o": {"summary": "x", "path": "/{k}"}}})",
       "/flag/acme/catalogue/things.json",
       "/operations/o/path"},
      {R"({"catalogues": ["things"]})",
       R"({"schema": 1, "recipes": {"r": {"summary": "x", "steps": [{"operation": "gone"}]}}})",
       "/flag/acme/catalogue/things.json",
       "/recipes/r/steps/0/operation"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.catalogue);
    Machine machine(row.description, row.catalogue);
    const Error problem = machine.problem();
    CHECK(problem.fact("rule") == "name-missing");
    CHECK(problem.fact("file") == row.file);
    CHECK(problem.fact("pointer") == row.pointer);
    CHECK_FALSE(problem.fact("line").empty());
  }
}

TEST_CASE("catalogues: a broken one is told by file, place and rule") {
  struct Row {
    const char* catalogue;
    const char* rule;
    const char* pointer;
  };

  const std::vector<Row> rows{
      {R"({"operations": {}})", "missing-member", ""},
      {R"({"schema": 2, "zeta": 1})", "schema", "/schema"},
      {R"({"schema": 1, "operation": {}})", "unknown-member", "/operation"},
      {R"({"schema": 1, "pagers": {}})", "unknown-member", "/pagers"},
      {R"({"schema": 1, "operations": []})", "kind", "/operations"},
      {R"({"schema": 1, "operations": {"O": {}}})", "id", "/operations/O"},
      {R"({"schema": 1, "operations": {"o": {}}})", "missing-member", "/operations/o"},
      {R"({"schema": 1, "operations": {"o": {"summary": "x", "path": "https://evil.example/"}}})",
       "path",
       "/operations/o/path"},
      {R"({"schema": 1, "operations": {"o": {"summary": "x", "path": "/a/%2e%2e/b"}}})",
       "path",
       "/operations/o/path"},
      {R"({"schema": 1, "operations": {"o": {"summary": "x", "method": "POST", "path": "/a",
                                             "safe_to_repeat": true}}})",
       "safe",
       "/operations/o"},
      {R"({"schema": 1, "operations": {"o": {"summary": "x", "path": "/a", "json": {}}}})",
       "operation",
       "/operations/o"},
      {R"({"schema": 1, "recipes": {"r": {"summary": "x", "steps": []}}})",
       "empty-list",
       "/recipes/r/steps"},
      {"{", "json", ""},
      {"[]", "kind", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.catalogue);
    Machine machine(R"({"catalogues": ["things"]})", row.catalogue);
    const Error problem = machine.problem();
    CHECK(problem.code == ErrorCode::plugin_invalid);
    CHECK(problem.fact("file") == "/flag/acme/catalogue/things.json");
    CHECK(problem.message.rfind("/flag/acme/catalogue/things.json", 0) == 0);
    CHECK(problem.fact("rule") == row.rule);
    CHECK(problem.fact("pointer") == row.pointer);
  }
}

TEST_CASE("catalogues: a name that is taken is told") {
  SUBCASE("by the description") {
    Machine machine(R"({"catalogues": ["things"],
                        "operations": {"thing-get": {"summary": "x", "path": "/x"}}})");
    const Error problem = machine.problem();
    CHECK(problem.fact("rule") == "named-twice");
    CHECK(problem.fact("file") == "/flag/acme/catalogue/things.json");
    CHECK(problem.fact("pointer") == "/operations/thing-get");
    CHECK(problem.fact("line") == "4");
  }
  SUBCASE("by another catalogue") {
    Machine machine(R"({"catalogues": ["things", "more"]})");
    machine.files.file("/flag/acme/catalogue/more.json", things);
    const Error problem = machine.problem();
    CHECK(problem.fact("rule") == "named-twice");
    CHECK(problem.fact("file") == "/flag/acme/catalogue/more.json");
  }
}

TEST_CASE("catalogues: one that is not there is told at the description") {
  Machine machine(R"({"catalogues": ["thing"]})");
  const Error problem = machine.problem();
  CHECK(problem.fact("rule") == "catalogue-missing");
  CHECK(problem.fact("file") == "/flag/acme/product.json");
  CHECK(problem.fact("pointer") == "/catalogues");
  CHECK(problem.message.find("/flag/acme/catalogue/thing.json") != std::string::npos);
}

TEST_CASE("catalogues: they are trusted as the description is") {
  Machine machine;
  const std::string file = "/flag/acme/catalogue/things.json";
  SUBCASE("a file that others may write to") {
    machine.files.at(file).mode = 0666;
    const Error problem = machine.problem();
    CHECK(problem.code == ErrorCode::plugin_untrusted);
    CHECK(problem.fact("file") == file);
  }
  SUBCASE("a folder that others may write to") {
    machine.files.at("/flag/acme/catalogue").mode = 0777;
    CHECK(machine.problem().code == ErrorCode::plugin_untrusted);
  }
  SUBCASE("a file of somebody else") {
    machine.files.at(file).owner = 1001;
    CHECK(machine.problem().code == ErrorCode::plugin_untrusted);
  }
  SUBCASE("a link to what is somebody else's") {
    machine.files.remove(file);
    machine.files.file("/home/other/things.json", things);
    machine.files.at("/home/other/things.json").owner = 1001;
    machine.files.link(file, "/home/other/things.json");
    CHECK(machine.problem().code == ErrorCode::plugin_untrusted);
    CHECK_FALSE(was_opened(machine, "/home/other/things.json"));
  }
}

TEST_CASE("catalogues: what cannot be read is told by file and rule") {
  Machine machine;
  const std::string file = "/flag/acme/catalogue/things.json";
  SUBCASE("a folder in its place") {
    machine.files.remove(file);
    machine.files.folder(file);
  }
  SUBCASE("a link that leads nowhere") {
    machine.files.remove(file);
    machine.files.link(file, "/nowhere.json");
  }
  SUBCASE("a file that may not be read") {
    machine.files.unreadable.push_back(file);
  }
  const Error problem = machine.problem();
  CHECK(problem.code == ErrorCode::plugin_invalid);
  CHECK(problem.fact("rule") == "file");
  CHECK(problem.fact("file") == file);
}

TEST_CASE("catalogues: one over a mebibyte is not read") {
  Machine machine(R"({"catalogues": ["things"]})", std::string((std::size_t{1} << 20) + 1, ' '));
  CHECK(machine.problem().fact("rule") == "too-large");
}

TEST_SUITE_END();
