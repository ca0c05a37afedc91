// SPDX-License-Identifier: Apache-2.0
#include "core/posix/module.h"

#include "tests/modules/sample.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

TEST_SUITE_BEGIN("core/posix");

using atlink::ErrorCode;
using atlink::posix::open_module;

namespace {

const std::string modules_folder = std::string(ATLINK_BINARY_DIR) + "/tests/atlink/modules";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a module beside the program is opened and its table is usable") {
  auto table = open_module<atlink::tests::SampleTable>();
  REQUIRE(table.has_value());
  CHECK((*table)->answer() == 42);
}

TEST_CASE("a module that is not there is reported with its file and the loader's reason") {
  auto module = open_module("nowhere");
  REQUIRE(!module.has_value());
  CHECK(module.error().code == ErrorCode::module_missing);
  CHECK(contains(module.error().message, modules_folder + "/nowhere.so"));
  CHECK(contains(module.error().message, "No such file"));
  CHECK(!module.error().next.empty());
}

TEST_CASE("a module of another release is refused, naming both") {
  auto module = open_module("stale");
  REQUIRE(!module.has_value());
  CHECK(module.error().code == ErrorCode::module_missing);
  CHECK(contains(module.error().message, "stale.so is of atlink 0.0.1"));
  CHECK(contains(module.error().message, atlink::posix::this_release.release));
}

TEST_CASE("a shared object without a table is refused") {
  auto module = open_module("empty");
  REQUIRE(!module.has_value());
  CHECK(contains(module.error().message, "atlink_module_empty"));
}

TEST_CASE("a file that is no shared object is refused") {
  std::ofstream(modules_folder + "/garbled.so") << "not an object\n";
  auto module = open_module("garbled");
  REQUIRE(!module.has_value());
  CHECK(module.error().code == ErrorCode::module_missing);
  CHECK(contains(module.error().message, "garbled.so"));
  std::filesystem::remove(modules_folder + "/garbled.so");
}

TEST_CASE("the working directory offers no module") {
  const std::filesystem::path before = std::filesystem::current_path();
  std::string folder = "/tmp/atlink-module-test-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  std::filesystem::create_directories(folder + "/atlink/modules");
  for (const char* place : {"/stray.so", "/atlink/modules/stray.so"}) {
    std::filesystem::copy_file(modules_folder + "/sample.so", folder + place);
  }
  std::filesystem::current_path(folder);
  auto module = open_module("stray");
  std::filesystem::current_path(before);
  std::filesystem::remove_all(folder);
  REQUIRE(!module.has_value());
  CHECK(contains(module.error().message, "No such file"));
}

TEST_CASE("the folder of a program with the core inside is the program's own") {
  auto folder = atlink::posix::own_folder();
  REQUIRE(folder.has_value());
  CHECK(*folder == std::string(ATLINK_BINARY_DIR) + "/tests");
}

TEST_SUITE_END();
