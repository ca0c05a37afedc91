// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_elf.h"

#include "plugins/host/native_object.h"
#include "tests/plugins/native_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <elf.h>
#include <link.h>
#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink::plugins;
using atlink::tests::native_module;

namespace {

std::vector<std::string> exports_of(const std::string& bytes) {
  const auto object = read_elf(bytes);
  REQUIRE_MESSAGE(object.has_value(), object.error());
  std::vector<std::string> names;
  for (const ElfSymbol& symbol : object->exported) {
    names.push_back(symbol.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("elf: what a module shows and needs, as the linker wrote it") {
  CHECK(exports_of(native_module("right")) == std::vector<std::string>{"atlink_plugin_entry"});
  CHECK(exports_of(native_module("right_in_cpp")) ==
        std::vector<std::string>{"atlink_plugin_entry"});
  CHECK(exports_of(native_module("no_symbol")).empty());
  CHECK(exports_of(native_module("extra_symbol")) ==
        std::vector<std::string>{"acme_shows_this", "atlink_plugin_entry"});
  const auto in_cpp = read_elf(native_module("right_in_cpp"));
  REQUIRE(in_cpp.has_value());
  CHECK(in_cpp->search_paths.empty());
  CHECK(std::find(in_cpp->needed.begin(), in_cpp->needed.end(), "libstdc++.so.6") !=
        in_cpp->needed.end());
  const auto path = read_elf(native_module("search_path"));
  REQUIRE(path.has_value());
  CHECK(path->search_paths == std::vector<std::string>{"/nowhere"});
}

TEST_CASE("elf: the entry is told from code by its symbol") {
  const auto object = read_elf(native_module("right"));
  REQUIRE(object.has_value());
  REQUIRE(object->exported.size() == 1);
  CHECK(object->exported.front().is_data);
  CHECK(object->exported.front().size >= sizeof(atlink_plugin_entry_t));
  const auto function = read_elf(native_module("function_symbol"));
  REQUIRE(function.has_value());
  REQUIRE(function->exported.size() == 1);
  CHECK_FALSE(function->exported.front().is_data);
}

TEST_CASE("elf: section headers count for nothing, as for the loader") {
  std::string bytes = native_module("extra_symbol");
  ElfW(Ehdr) header;
  std::copy_n(bytes.data(), sizeof header, reinterpret_cast<char*>(&header));
  header.e_shoff = 0;
  header.e_shnum = 0;
  header.e_shstrndx = 0;
  std::copy_n(reinterpret_cast<const char*>(&header), sizeof header, bytes.data());
  CHECK(exports_of(bytes).size() == 2);
}

TEST_CASE("elf: cut at any place it is refused or read, and never left") {
  const std::string whole = native_module("right");
  for (std::size_t size = 0; size < whole.size(); size += size < 4096 ? 1 : 97) {
    // A copy of its own, so that a tool that watches memory sees the end of it.
    const std::string cut(whole, 0, size);
    const auto problem = judge_object(cut);
    CHECK((!problem || problem->rule == "native-object" || problem->rule == "native-symbol"));
  }
}

TEST_CASE("elf: whatever a byte is changed to, it is judged") {
  const std::string whole = native_module("right");
  for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 2048); ++at) {
    for (const char value : {'\0', '\x7F', '\xFF'}) {
      std::string changed = whole;
      changed[at] = value;
      const auto problem = judge_object(changed);
      CHECK((!problem || !problem->message.empty()));
    }
  }
}

TEST_SUITE_END();
