// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native.h"
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

/// "acme", which has a module, and "little", which builds on it and has none.
struct Machine : PluginFolders {
  Machine() {
    put(user, "acme", tests::acme());
    put(user, "little", small("little", {{"extends", "acme"}}));
    files.file(acme_module, "whatever it is");
  }

  [[nodiscard]] PluginInfo listed(const std::string& id) {
    const auto all = registry().list();
    REQUIRE(all.has_value());
    const auto found = std::find_if(
        all->begin(), all->end(), [&id](const PluginInfo& info) { return info.id == id; });
    REQUIRE(found != all->end());
    return *found;
  }

  const std::string acme_module = std::string(user) + "/acme/acme.so";
};

}  // namespace

TEST_CASE("native: listing and describing tell of a module and never open it") {
  Machine machine;
  const PluginInfo info = machine.listed("acme");
  REQUIRE(info.module.has_value());
  CHECK(info.module->path() == machine.acme_module);
  CHECK(info.module->from == SearchFolder::From::user);
  CHECK_FALSE(info.problem.has_value());
  CHECK_FALSE(machine.listed("little").module.has_value());
  const auto description = machine.registry().describe("acme");
  REQUIRE(description.has_value());
  CHECK(module_of(*description).value().path() == machine.acme_module);
  for (const std::string& opened : machine.files.opened) {
    CHECK(opened.find(".so") == std::string::npos);
  }
}

TEST_CASE("native: whatever stands in the module's place takes no description down") {
  Machine machine;
  machine.files.remove(machine.acme_module);
  machine.files.link(machine.acme_module, "/nowhere");
  CHECK(machine.listed("acme").module.has_value());
  CHECK_FALSE(machine.listed("acme").problem.has_value());
  machine.files.remove(machine.acme_module);
  machine.files.folder(machine.acme_module, 0777);
  CHECK(machine.listed("acme").module.has_value());
  CHECK(machine.registry().describe("little").has_value());
}

TEST_CASE("native: a product uses its own module, else the nearest of what it extends") {
  Machine machine;
  const auto inherited = machine.registry().describe("little");
  REQUIRE(inherited.has_value());
  CHECK(module_of(*inherited).value().id == "acme");
  machine.files.file(std::string(Machine::user) + "/little/little.so", "its own");
  const auto own = machine.registry().describe("little");
  REQUIRE(own.has_value());
  CHECK(own->modules.size() == 2);
  CHECK(module_of(*own).value().id == "little");
}

TEST_CASE("native: a product without a module says so") {
  Machine machine;
  machine.files.remove(machine.acme_module);
  const auto description = machine.registry().describe("little");
  REQUIRE(description.has_value());
  const auto module = module_of(*description);
  REQUIRE_FALSE(module.has_value());
  CHECK(module.error().code == ErrorCode::product_unsupported);
  CHECK(module.error().message.find("\"little\" has no native module") != std::string::npos);
}

TEST_CASE("native: the page of rules has all of them, in their order") {
  const std::string page = source("docs/native-extensions.md");
  std::size_t at = page.find("## The rules");
  for (const NativeRule& rule : native_rules()) {
    CAPTURE(std::string(rule.name));
    const std::size_t row = page.find("\n| `" + std::string(rule.name) + "` | ", at);
    REQUIRE(row != std::string::npos);
    at = row;
  }
  CHECK(page.find("\n| `", at + 1) == std::string::npos);
}

TEST_SUITE_END();
