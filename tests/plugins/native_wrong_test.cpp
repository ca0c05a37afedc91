// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/native_folder.h"

#include <doctest/doctest.h>

#include <cstring>
#include <elf.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <sys/stat.h>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

/// A module that breaks a rule, and a piece of what is said of it.
struct Wrong {
  const char* module;
  const char* rule;
  const char* piece;
};

constexpr Wrong wrong_modules[] = {
    {"no_symbol", "native-symbol", "it exports no \"atlink_plugin_entry\""},
    {"function_symbol", "native-symbol", "is code, and not the constant"},
    {"small_symbol", "native-symbol", "is too small"},
    {"extra_symbol", "native-exports", "another symbol than its entry: \"acme_shows_this\""},
    {"search_path", "native-needs", "looked for in \"/nowhere\""},
    {"undefined", "native-load", "undefined symbol: nobody_has_this"},
    {"throws", "native-inert", "throws an exception while it is loaded"},
    {"exits", "native-inert", "ended the process (exit code 0) while it was loaded"},
    {"crashes", "native-inert", "while it was loaded"},
    {"aborts", "native-inert", "while it was loaded"},
    {"prints", "native-inert", "prints 5 bytes while it is loaded"},
    {"prints_later", "native-inert", "prints 37 bytes"},
    {"prints_forever", "native-inert", "while it was loaded"},
    {"opens", "native-inert", "opens files"},
    {"starts_thread", "native-inert", "starts a thread"},
    {"old_abi", "native-abi", "for version 0.0 of the interface, and this atlink has 0.1"},
    {"new_abi", "native-abi", "use a newer atlink"},
    {"next_abi", "native-abi", "for version 1.0"},
    {"null_id", "native-id", "no id (NULL)"},
    {"bad_id", "native-id", "its id is \"Not an"},
    {"other_id", "native-id", "its id is \"other\", and the folder is named \"acme\""},
    {"wild_id", "native-extension", "when it was asked what it offers"},
    {"null_version", "native-version", "no version (NULL)"},
    {"long_version", "native-version", "not one short line"},
    {"bad_version", "native-version", "not one short line"},
    {"null_get", "native-extension", "no get_extension (NULL)"},
    {"answers_all", "native-extension", "an extension that does not exist"},
    {"answers_prefix", "native-extension", "\"atlink.convert/10\""},
    {"other_tables", "native-extension", "another table each time"},
    {"null_name", "native-extension", "a NULL name in conversion 1"},
    {"bad_name", "native-extension", "names a format \"Upper"},
    {"no_array", "native-extension", "counts 3 conversions and has none (NULL)"},
    {"no_function", "native-extension", "no function that converts (NULL)"},
    {"no_count", "native-extension", "counts 0 conversions"},
    {"huge_count", "native-extension", "counts 4000000000 conversions"},
    {"twice", "native-extension", "offers text to upper twice"},
    {"asked_exits", "native-extension", "ended the process (exit code 3)"},
    {"asked_crashes", "native-extension", "when it was asked"},
    {"asked_prints", "native-extension", "prints when it is asked"},
    {"asked_throws", "native-extension", "throws an exception when it is asked"},
};

/// What reading and probing say of what lies in the module's place.
Complaint complaint_about(NativeFolder& folder, NativeModules modules) {
  const auto read = modules.read(folder.file);
  if (!read) {
    return complaint(read.error(), folder.file);
  }
  const auto offer = modules.probe(*read);
  REQUIRE_FALSE(offer.has_value());
  return complaint(offer.error(), folder.file);
}

void expect(NativeFolder& folder, const std::string& rule, const std::string& piece) {
  const Complaint made = complaint_about(folder, folder.modules());
  CHECK(made.rule == rule);
  CHECK(made.side == "plugin");
  CHECK_MESSAGE(made.said.find(piece) != std::string::npos, made.said);
}

}  // namespace

TEST_CASE("native: every wrong module breaks its rule, and nothing of it runs here") {
  NativeFolder folder;
  for (const Wrong& wrong : wrong_modules) {
    CAPTURE(std::string(wrong.module));
    folder.put_module(wrong.module);
    expect(folder, wrong.rule, wrong.piece);
  }
}

TEST_CASE("native: one that does not come to an end is ended") {
  NativeFolder folder;
  for (const char* module : {"endless", "asked_endless"}) {
    CAPTURE(std::string(module));
    folder.put_module(module);
    const Complaint made =
        complaint_about(folder, folder.modules({folder.state(), {}, std::chrono::seconds{3}}));
    CHECK(made.rule == "native-time");
    CHECK(made.said.find("after 3000 ms") != std::string::npos);
  }
}

TEST_CASE("native: what is no shared object for this machine is told by its bytes") {
  NativeFolder folder;
  const std::string right = native_module("right");
  folder.put("");
  expect(folder, "native-object", "it is not an ELF file");
  folder.put("#!/bin/sh\nexit 1\n");
  expect(folder, "native-object", "it is not an ELF file");
  folder.put(right.substr(0, 40));
  expect(folder, "native-object", "it ends within its ELF header");
  folder.put(right.substr(0, 100));
  expect(folder, "native-object", "it ends within its program headers");
  folder.put(right.substr(0, right.size() / 2));
  expect(folder, "native-object", "it ends before what its program headers name");
  std::string other = right;
  other[EI_CLASS] = other[EI_CLASS] == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
  folder.put(other);
  expect(folder, "native-object", "another word size or byte order");
  other = right;
  other[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_68K);
  folder.put(other);
  expect(folder, "native-object", "for another kind of machine");
  other = right;
  other[offsetof(Elf64_Ehdr, e_type)] = static_cast<char>(ET_REL);
  folder.put(other);
  expect(folder, "native-object", "of another kind (type 1) than a shared object");
}

TEST_CASE("native: a file that cannot be a module is not read") {
  NativeFolder folder;
  expect(folder, "native-file", "there is no such file");
  REQUIRE(::mkfifo(folder.file.path().c_str(), 0600) == 0);
  expect(folder, "native-file", "not a regular file");
  std::filesystem::remove(folder.file.path());
  std::filesystem::create_directory(folder.file.path());
  expect(folder, "native-file", "not a regular file");
  std::filesystem::remove(folder.file.path());
  folder.put("");
  std::filesystem::resize_file(folder.file.path(), (std::uintmax_t{64} << 20) + 1);
  expect(folder, "native-file", "it has 67108865 bytes, and a module has at most 67108864");
}

TEST_CASE("native: links and permissions that let others change it") {
  NativeFolder folder;
  std::filesystem::create_symlink(folder.root / "nowhere", folder.file.path());
  expect(folder, "native-file", "a symbolic link that leads nowhere");
  std::filesystem::remove(folder.file.path());
  std::filesystem::create_symlink(folder.file.path(), folder.file.path());
  expect(folder, "trust", "too many symbolic links");
  folder.put_module("right");
  for (const unsigned mode : {0646U, 0664U}) {
    std::filesystem::permissions(folder.file.path(), std::filesystem::perms{mode});
    expect(folder, "trust", "chmod go-w");
  }
  std::filesystem::permissions(folder.file.path(), std::filesystem::perms{0644});
  std::filesystem::permissions(folder.file.folder, std::filesystem::perms{0777});
  expect(folder, "trust", "can be written to by anybody");
  std::filesystem::permissions(folder.file.folder, std::filesystem::perms{0755});
  CHECK(folder.modules().read(folder.file).has_value());
}

TEST_CASE("native: a link to a file of somebody else") {
  if (::geteuid() != 0) {
    return;  // only root can give a file away; trust_test has the case in memory
  }
  NativeFolder folder;
  folder.put_module("right");
  const std::string elsewhere = folder.root / "elsewhere.so";
  std::filesystem::rename(folder.file.path(), elsewhere);
  std::filesystem::create_symlink(elsewhere, folder.file.path());
  CHECK(folder.modules().read(folder.file).has_value());
  REQUIRE(::chown(elsewhere.c_str(), 12345, 12345) == 0);
  const auto read = folder.modules().read(folder.file);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::plugin_untrusted);
  CHECK(read.error().fact("file") == elsewhere);
  CHECK(read.error().message.find("belongs to user 12345") != std::string::npos);
}

TEST_SUITE_END();
