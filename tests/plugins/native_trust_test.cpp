// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/sha256.h"
#include "tests/plugins/native_folder.h"
#include "tests/support/fake_files.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

bool holds(const std::string& text, const std::string& piece) {
  return text.find(piece) != std::string::npos;
}

NativeModule read(NativeFolder& folder) {
  auto module = folder.modules().read(folder.file);
  REQUIRE_MESSAGE(module.has_value(), module.error().message);
  return *std::move(module);
}

void trust(NativeFolder& folder) {
  const Status trusted = folder.modules().trust(read(folder));
  REQUIRE_MESSAGE(trusted.has_value(), trusted.error().message);
}

NativeTrust trust_of(NativeFolder& folder, NativeModules::Settings settings) {
  const auto trust = folder.modules(std::move(settings)).trust_of(read(folder));
  REQUIRE_MESSAGE(trust.has_value(), trust.error().message);
  return *trust;
}

NativeTrust trust_of(NativeFolder& folder) {
  return trust_of(folder, {folder.state(), {}});
}

/// Files that are given to somebody else right after they were opened.
class SwappedFiles final : public FileSystem {
 public:
  SwappedFiles(FileSystem& real, std::string path, std::string other)
      : real_(real), path_(std::move(path)), other_(std::move(other)) {}

  [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string& path,
                                                   OpenMode how,
                                                   unsigned mode) override {
    auto file = real_.open(path, how, mode);
    if (path == path_) {
      ++opened;
      std::filesystem::copy_file(other_, path_ + ".new");
      std::filesystem::rename(path_ + ".new", path_);
    }
    return file;
  }

  [[nodiscard]] Result<std::unique_ptr<File>> open_descriptor(int descriptor) override {
    return real_.open_descriptor(descriptor);
  }

  Status rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }

  Status unlink(const std::string& path) override { return real_.unlink(path); }

  Status remove_folder(const std::string& folder) override { return real_.remove_folder(folder); }

  [[nodiscard]] Result<FileInfo> stat(const std::string& path, bool follow) override {
    return real_.stat(path, follow);
  }

  [[nodiscard]] Result<std::string> read_link(const std::string& path) override {
    return real_.read_link(path);
  }

  [[nodiscard]] unsigned user() override { return real_.user(); }

  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override {
    return real_.list(folder);
  }

  Status make_folders(const std::string& folder, unsigned mode) override {
    return real_.make_folders(folder, mode);
  }

  Status flush_folder(const std::string& folder) override { return real_.flush_folder(folder); }

  [[nodiscard]] Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                                   std::chrono::milliseconds patience) override {
    return real_.lock(path, patience);
  }

  int opened = 0;

 private:
  FileSystem& real_;
  std::string path_;
  std::string other_;
};

}  // namespace

TEST_CASE("native: what is right offers what it has, in C and in C++") {
  NativeFolder folder;
  folder.put_module("right");
  const auto offer = folder.modules().probe(read(folder));
  REQUIRE_MESSAGE(offer.has_value(), offer.error().message);
  CHECK(*offer ==
        NativeOffer{"1.0.0", {"atlink.convert/1"}, {{"text", "upper"}, {"text", "failure"}}});
  folder.put_module("right_in_cpp");
  const auto in_cpp = folder.modules().probe(read(folder));
  REQUIRE_MESSAGE(in_cpp.has_value(), in_cpp.error().message);
  CHECK(in_cpp->conversions ==
        std::vector<NativeConversion>{{"text", "words"}, {"text", "nothing"}});
  folder.put_module("silent");
  const auto nothing = folder.modules().probe(read(folder));
  REQUIRE_MESSAGE(nothing.has_value(), nothing.error().message);
  CHECK(nothing->extensions.empty());
}

TEST_CASE("native: a module that nobody trusted is refused, and the remedy named") {
  NativeFolder folder;
  folder.put_module("right");
  CHECK(trust_of(folder) == NativeTrust::none);
  const auto loaded = folder.modules().load(folder.file);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::native_untrusted);
  const Complaint made = complaint(loaded.error(), folder.file);
  CHECK(made.rule == "native-trust");
  CHECK(holds(made.said, sha256(native_module("right")).value()));
  CHECK(holds(made.said, "atlink plugin trust acme"));
}

TEST_CASE("native: trusting is recorded with id, folder, hash and time, for the user alone") {
  NativeFolder folder;
  folder.put_module("right");
  trust(folder);
  CHECK(trust_of(folder) == NativeTrust::trusted);
  const auto records = folder.modules().records();
  REQUIRE(records.has_value());
  REQUIRE(records->size() == 1);
  CHECK(records->front().id == "acme");
  CHECK(records->front().folder == folder.file.folder);
  CHECK(records->front().sha256 == sha256(native_module("right")).value());
  CHECK(to_rfc3339(records->front().when) == "2026-01-31T09:30:00Z");
  const auto info = folder.files.stat(folder.state() + "/trusted-modules.json", false);
  REQUIRE(info.has_value());
  CHECK(info->mode == 0600);
}

TEST_CASE("native: a module that changed is refused with both hashes") {
  NativeFolder folder;
  folder.put_module("right");
  trust(folder);
  folder.put_module("right_too");
  CHECK(trust_of(folder) == NativeTrust::changed);
  const auto loaded = folder.modules().load(folder.file);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::native_untrusted);
  const Complaint made = complaint(loaded.error(), folder.file);
  CHECK(made.rule == "native-trust");
  CHECK(holds(made.said, "has changed since it was trusted at 2026-01-31T09:30:00Z"));
  CHECK(holds(made.said, sha256(native_module("right")).value()));
  CHECK(holds(made.said, sha256(native_module("right_too")).value()));
  CHECK(holds(made.said, "atlink plugin trust acme"));
  // Trusting it again forgets the old one.
  trust(folder);
  CHECK(trust_of(folder) == NativeTrust::trusted);
  folder.put_module("right");
  CHECK(trust_of(folder) == NativeTrust::changed);
}

TEST_CASE("native: trust goes with the id and the bytes") {
  NativeFolder folder;
  folder.put_module("right");
  trust(folder);
  NativeModule elsewhere = read(folder);
  elsewhere.file.folder = "/elsewhere/acme";
  CHECK(folder.modules().trust_of(elsewhere).value() == NativeTrust::trusted);
  elsewhere.sha256[0] = elsewhere.sha256[0] == '0' ? '1' : '0';
  CHECK(folder.modules().trust_of(elsewhere).value() == NativeTrust::none);
  NativeModule other = read(folder);
  other.file.id = "other";
  CHECK(folder.modules().trust_of(other).value() == NativeTrust::none);
}

TEST_CASE("native: a hash accepts exactly these bytes, without a record") {
  NativeFolder folder;
  folder.put_module("right");
  const std::string hash = sha256(native_module("right")).value();
  const NativeModules::Settings accepting{"", {std::string(64, '0'), hash}};
  CHECK(trust_of(folder, accepting) == NativeTrust::accepted);
  const auto loaded = folder.modules(accepting).load(folder.file);
  REQUIRE_MESSAGE(loaded.has_value(), loaded.error().message);
  CHECK(loaded->offer().version == "1.0.0");
  folder.put_module("right_too");
  CHECK(trust_of(folder, accepting) == NativeTrust::none);
  CHECK_FALSE(std::filesystem::exists(folder.state()));
  const Status recorded = folder.modules(accepting).trust(read(folder));
  REQUIRE_FALSE(recorded.has_value());
  CHECK(holds(recorded.error().next, "--plugin-sha256"));
}

TEST_CASE("native: what is accepted without a record is tried in a child first") {
  NativeFolder folder;
  for (const std::string name : {"exits", "throws", "crashes"}) {
    CAPTURE(name);
    folder.put_module(name);
    const NativeModules::Settings accepting{"", {sha256(native_module(name)).value()}};
    const auto loaded = folder.modules(accepting).load(folder.file);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(complaint(loaded.error(), folder.file).rule == "native-inert");
  }
}

TEST_CASE("native: a trusted module that breaks a rule is refused all the same") {
  NativeFolder folder;
  for (const auto& [name, rule] : {std::pair("extra_symbol", "native-exports"),
                                   std::pair("other_id", "native-id"),
                                   std::pair("old_abi", "native-abi"),
                                   std::pair("undefined", "native-load"),
                                   std::pair("null_name", "native-extension")}) {
    const std::string module = name;  // clang 14 captures no binding
    CAPTURE(module);
    folder.put_module(module);
    trust(folder);
    const auto loaded = folder.modules().load(folder.file);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(complaint(loaded.error(), folder.file).rule == rule);
  }
}

TEST_CASE("native: revoking takes the trust in an id away, and only that") {
  NativeFolder folder;
  folder.put_module("right");
  trust(folder);
  NativeModule other = read(folder);
  other.file.id = "other";
  REQUIRE(folder.modules().trust(other).has_value());
  CHECK(folder.modules().revoke("acme").value() == 1);
  CHECK(trust_of(folder) == NativeTrust::none);
  CHECK(folder.modules().trust_of(other).value() == NativeTrust::trusted);
  CHECK(folder.modules().revoke("acme").value() == 0);
}

TEST_CASE("native: what is loaded is what was hashed, whatever happens to the file meanwhile") {
  NativeFolder folder;
  folder.put_module("right");
  trust(folder);
  SwappedFiles swapped(folder.files,
                       folder.file.path(),
                       std::string(ATLINK_BINARY_DIR) + "/tests/native/right_too.so");
  const Platform platform{folder.world.clock,
                          folder.world.random,
                          folder.world.environment,
                          swapped,
                          folder.world.terminal,
                          folder.world.browser,
                          folder.world.transport,
                          folder.process,
                          folder.loader};
  const auto loaded = NativeModules(platform, {folder.state(), {}}).load(folder.file);
  REQUIRE_MESSAGE(loaded.has_value(), loaded.error().message);
  CHECK(swapped.opened == 1);
  CHECK(loaded->offer().version == "1.0.0");
  // The file is another one by now, and is found out.
  CHECK(trust_of(folder) == NativeTrust::changed);
}

TEST_CASE("native: child and loader are given the bytes of the hash, and no path") {
  NativeFolder folder;
  folder.put_module("right");
  trust(folder);
  std::string probed;
  std::string loaded;
  FakeProcess process;
  FakeLoader loader;
  process.on_run = [&probed](const ProcessStart& start) -> Result<ProcessEnd> {
    probed = start.input;
    CHECK(start.arguments == std::vector<std::string>{"acme"});
    CHECK(start.environment.empty());
    ProcessEnd end;
    end.out = "{\"stage\":\"load\"}\n{\"offer\":{\"version\":\"9\"}}\n";
    return end;
  };
  loader.on_load = [&loaded](std::string_view object,
                             const std::string& symbol) -> Result<const void*> {
    loaded = object;
    CHECK(symbol == "atlink_plugin_entry");
    return fail(ErrorCode::native_invalid, "not today", "tomorrow");
  };
  const Platform platform{folder.world.clock,
                          folder.world.random,
                          folder.world.environment,
                          folder.files,
                          folder.world.terminal,
                          folder.world.browser,
                          folder.world.transport,
                          process,
                          loader};
  NativeModules modules(platform, {folder.state(), {}});
  CHECK(modules.probe(read(folder)).value().version == "9");
  CHECK_FALSE(modules.load(folder.file).has_value());
  const std::string hash = sha256(native_module("right")).value();
  CHECK(sha256(probed).value() == hash);
  CHECK(sha256(loaded).value() == hash);
}

TEST_SUITE_END();
