// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "plugins/host/judge.h"
#include "plugins/kit/kit.h"
#include "tests/support/fake_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <string>

TEST_SUITE_BEGIN("plugins/kit");

using namespace atlink;
using namespace atlink::plugins;
using tests::FakeFileSystem;

namespace {

NewPlugin acme() {
  NewPlugin plugin;
  plugin.id = "acme";
  plugin.parent = "/desk";
  plugin.schema = "file:///prefix/share/atlink/schema/product.schema.json";
  return plugin;
}

/// The folder that plugins are written into.
void put_workplace(FakeFileSystem& files) {
  files.put_folder("/desk", 0755);
}

std::string text_at(const json::Value& document, std::string_view name) {
  const json::Value* member = document.find(name);
  REQUIRE(member != nullptr);
  REQUIRE(member->as_string() != nullptr);
  return *member->as_string();
}

json::Value description_in(const FakeFileSystem& files, const std::string& folder) {
  const auto text = files.content(folder + "/product.json");
  REQUIRE(text.has_value());
  const auto document = json::parse(*text);
  REQUIRE_MESSAGE(document.has_value(), document.error().message);
  return *document;
}

}  // namespace

TEST_CASE("new plugin: a whole folder is written, and nothing breaks a rule") {
  FakeFileSystem files;
  put_workplace(files);
  const auto written = write_plugin(files, acme());
  REQUIRE_MESSAGE(written.has_value(), written.error().message);
  CHECK(*written == std::vector<std::string>{"/desk/acme/product.json",
                                             "/desk/acme/README.md",
                                             "/desk/acme/testdata/sandbox.json",
                                             "/desk/acme/test.sh",
                                             "/desk/acme/.gitlab-ci.yml"});
  auto there = files.files();
  std::sort(there.begin(), there.end());
  auto expected = *written;
  std::sort(expected.begin(), expected.end());
  CHECK(there == expected);
  CHECK(files.mode("/desk/acme/test.sh") == 0755);
  CHECK(files.mode("/desk/acme") == 0755);
  CHECK(files.mode("/desk/acme/product.json") == 0644);
  const json::Value document = description_in(files, "/desk/acme");
  CHECK(text_at(document, "id") == "acme");
  CHECK(text_at(document, "name") == "Acme");
  CHECK(text_at(document, "$schema") == acme().schema);
  const Judgement judgement = judge(files, {}, {"acme", "/desk/acme", SearchFolder::From::flag});
  for (const BrokenRule& broken : judgement.broken) {
    FAIL_CHECK(broken.rule << " " << broken.pointer << " " << broken.message);
  }
  CHECK(judgement.reached == RuleStage::whole);
  for (const std::string& path : *written) {
    CHECK_FALSE(std::regex_search(*files.content(path), std::regex("@[a-z_]+@")));
  }
}

TEST_CASE("new plugin: names are put into JSON as JSON wants them") {
  FakeFileSystem files;
  put_workplace(files);
  NewPlugin plugin = acme();
  plugin.name = "Acme \"Tracker\" \\ @id@";
  REQUIRE(write_plugin(files, plugin).has_value());
  CHECK(text_at(description_in(files, "/desk/acme"), "name") == plugin.name);
  CHECK(json::parse(*files.content("/desk/acme/testdata/sandbox.json")).has_value());
  plugin.id = "my-own-tracker";
  plugin.name.clear();
  REQUIRE(write_plugin(files, plugin).has_value());
  CHECK(text_at(description_in(files, "/desk/my-own-tracker"), "name") == "My own tracker");
}

TEST_CASE("new plugin: one that builds on another says little, and leaves the answers to it") {
  FakeFileSystem files;
  put_workplace(files);
  NewPlugin plugin = acme();
  plugin.extends = "base";
  const auto written = write_plugin(files, plugin);
  REQUIRE(written.has_value());
  CHECK(text_at(description_in(files, "/desk/acme"), "extends") == "base");
  CHECK_FALSE(files.content("/desk/acme/testdata/sandbox.json").has_value());
  CHECK(files.content("/desk/acme/README.md")->find("`base`") != std::string::npos);
}

TEST_CASE("new plugin: a native one is built before it is checked") {
  FakeFileSystem files;
  put_workplace(files);
  NewPlugin plugin = acme();
  plugin.native = true;
  REQUIRE(write_plugin(files, plugin).has_value());
  CHECK(files.content("/desk/acme/native.c")->find("\"acme\"") != std::string::npos);
  CHECK(files.content("/desk/acme/CMakeLists.txt")->find("atlink_add_product(acme ") !=
        std::string::npos);
  CHECK(files.content("/desk/acme/test.sh")->find("build/plugins/acme") != std::string::npos);
}

TEST_CASE("new plugin: ids and names that cannot be are refused with the rule") {
  for (const char* id : {"", "Acme", "1acme", "-acme", "../acme", "a/b", "a b", "acme\n", "äcme"}) {
    CAPTURE(std::string(id));
    FakeFileSystem files;
    put_workplace(files);
    NewPlugin plugin = acme();
    plugin.id = id;
    const auto written = write_plugin(files, plugin);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == ErrorCode::usage);
    CHECK(written.error().fact("rule") == "id");
    CHECK(written.error().next.find("lower-case letters") != std::string::npos);
    CHECK(files.files().empty());
  }
  for (const std::string& name : {std::string("two\nlines"),
                                  std::string("\x1b[2J"),
                                  std::string(" "),
                                  std::string(201, 'x')}) {
    FakeFileSystem files;
    put_workplace(files);
    NewPlugin plugin = acme();
    plugin.name = name;
    CHECK(write_plugin(files, plugin).error().code == ErrorCode::usage);
    CHECK(files.files().empty());
  }
  FakeFileSystem files;
  put_workplace(files);
  NewPlugin plugin = acme();
  plugin.extends = "../base";
  CHECK(write_plugin(files, plugin).error().fact("rule") == "id");
}

TEST_CASE("new plugin: nothing is overwritten") {
  FakeFileSystem files;
  put_workplace(files);
  files.put("/desk/acme/mine", "mine");
  const auto written = write_plugin(files, acme());
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == ErrorCode::file_exists);
  CHECK(files.files() == std::vector<std::string>{"/desk/acme/mine"});
  FakeFileSystem linked;
  put_workplace(linked);
  linked.put_link("/desk/acme", "/elsewhere");
  CHECK(write_plugin(linked, acme()).error().code == ErrorCode::file_exists);
  FakeFileSystem half;
  put_workplace(half);
  half.put("/desk/.acme.new/mine", "mine");
  CHECK(write_plugin(half, acme()).error().code == ErrorCode::file_exists);
  CHECK(half.files() == std::vector<std::string>{"/desk/.acme.new/mine"});
}

TEST_CASE("new plugin: where any call fails nothing is left, or all of it") {
  FakeFileSystem counting;
  put_workplace(counting);
  counting.heal();
  REQUIRE(write_plugin(counting, acme()).has_value());
  const int calls = counting.calls();
  CHECK(calls > 20);
  for (int call = 1; call <= calls; ++call) {
    CAPTURE(call);
    FakeFileSystem files;
    put_workplace(files);
    files.fail_at(call, ErrorCode::file_io);
    const auto written = write_plugin(files, acme());
    CHECK_FALSE(written.has_value());
    files.heal();
    // Only the last call comes after the folder has its name.
    CHECK(files.files().size() == (call == calls ? 5 : 0));
    CHECK(files.list("/desk")->size() == (call == calls ? 1 : 0));
  }
}

TEST_SUITE_END();
