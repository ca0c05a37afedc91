// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* mine = "/home/me/.local/share/atlink/plugins";

void put_plugin(Program& program, const std::string& folder, std::string_view text) {
  for (std::size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
    program.files.put_folder(folder.substr(0, slash), 0755);
    if (slash == std::string::npos) {
      break;
    }
  }
  program.files.put(folder + "/product.json", text, 0644);
}

std::string as(std::string text, const std::string& id) {
  text.replace(text.find("\"acme\""), 6, '"' + id + '"');
  return text;
}

const json::Value* find_plugin(const json::Value& list, std::string_view id) {
  for (const json::Value& plugin : *list.find("plugins")->as_array()) {
    if (text_at(plugin, "/id") == id) {
      return &plugin;
    }
  }
  return nullptr;
}

}  // namespace

TEST_CASE("plugin list: what is installed, with folder and origin") {
  Program program;
  const json::Value list = program.run_json({"plugin", "list"});
  const json::Value* const acme = find_plugin(list, "acme");
  REQUIRE(acme != nullptr);
  CHECK(text_at(*acme, "/name") == "Acme");
  CHECK(text_at(*acme, "/from") == "installed");
  CHECK(text_at(*acme, "/folder") == "/prefix/share/atlink/plugins/acme");
  CHECK(acme->find("problem")->is_null());
  REQUIRE(find_plugin(list, "beta") != nullptr);
  CHECK(text_at(*find_plugin(list, "beta"), "/extends") == "acme");
}

TEST_CASE("plugin list: --plugin-dir, the variable and the user's folder are searched") {
  Program program;
  put_plugin(program, "/work/p/one", as(tests::acme_description(), "one"));
  put_plugin(program, "/path/two", as(tests::acme_description(), "two"));
  put_plugin(program, std::string(mine) + "/three", as(tests::acme_description(), "three"));
  program.world.environment.variables["ATLINK_PLUGIN_PATH"] = "/path";
  const json::Value list = program.run_json({"--plugin-dir", "p", "plugin", "list"});
  REQUIRE(find_plugin(list, "one") != nullptr);
  CHECK(text_at(*find_plugin(list, "one"), "/from") == "--plugin-dir");
  REQUIRE(find_plugin(list, "two") != nullptr);
  CHECK(text_at(*find_plugin(list, "two"), "/from") == "ATLINK_PLUGIN_PATH");
  REQUIRE(find_plugin(list, "three") != nullptr);
  CHECK(text_at(*find_plugin(list, "three"), "/from") == "user");
}

TEST_CASE("plugin list: a broken plugin is named and takes no other down") {
  Program program;
  put_plugin(program, std::string(mine) + "/broken", "{ \"id\": \"broken\x1b[31m");
  const json::Value list = program.run_json({"plugin", "list"});
  REQUIRE(find_plugin(list, "broken") != nullptr);
  CHECK(text_at(*find_plugin(list, "broken"), "/problem/code") == "plugin.invalid");
  CHECK(find_plugin(list, "acme")->find("problem")->is_null());
  CHECK(program.run({"plugin", "list"}) == 0);
  CHECK(holds(program.err, "warning"));
  CHECK_FALSE(holds(program.out + program.err, "\x1b"));
  CHECK(program.run({"plugin", "show", "broken"}) == 3);
}

TEST_CASE("plugin show: the whole description with the origin of each value") {
  Program program;
  const json::Value beta = program.run_json({"plugin", "show", "beta"});
  CHECK(text_at(beta, "/id") == "beta");
  CHECK(text_at(beta, "/description/identity/endpoint/path") == "/rest/me");
  const json::Value* const origin = beta.find("origins")->find("/identity/endpoint/path");
  REQUIRE(origin != nullptr);
  CHECK(*origin->as_string() == "acme");
  CHECK(beta.find("folders")->as_array()->size() == 2);
}

TEST_CASE("plugin show: for people, per deployment, and unknown ids name what there is") {
  Program program;
  CHECK(program.run({"plugin", "show", "acme"}) == 0);
  CHECK(holds(program.out, "\ndata-center:\n"));
  CHECK(holds(program.out, "\ncloud:\n"));
  CHECK(holds(program.out, "BASE/oauth/request"));
  CHECK(program.run({"plugin", "show", "none"}) == 3);
  CHECK(holds(program.err, "acme"));
}

TEST_SUITE_END();
