// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/native_folder.h"

#include "atlink/text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace atlink::tests {

std::string native_module(const std::string& name) {
  std::ifstream file(std::string(ATLINK_BINARY_DIR) + "/tests/native/" + name + ".so",
                     std::ios::binary);
  REQUIRE_MESSAGE(file.good(), name);
  return {std::istreambuf_iterator<char>(file), {}};
}

NativeFolder::NativeFolder()
    : file{"acme", root / "plugins/acme", plugins::SearchFolder::From::user} {
  for (const std::string& folder : {root / "plugins", file.folder}) {
    std::filesystem::create_directory(folder);
    std::filesystem::permissions(folder, std::filesystem::perms{0755});
  }
}

void NativeFolder::put(std::string_view bytes) {
  std::filesystem::remove(file.path());
  std::ofstream stream(file.path(), std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  REQUIRE(stream.good());
  std::filesystem::permissions(file.path(), std::filesystem::perms{0644});
}

plugins::NativeModules NativeFolder::modules(plugins::NativeModules::Settings settings) {
  return {{world.clock,
           world.random,
           world.environment,
           files,
           world.terminal,
           world.browser,
           world.transport,
           process,
           loader},
          std::move(settings)};
}

Complaint complaint(const Error& error, const plugins::ModuleFile& file) {
  const Complaint made{std::string(error.fact("rule")),
                       std::string(error.fact("side")),
                       error.message + " | " + error.next};
  CAPTURE(made.said);
  const auto rules = plugins::native_rules();
  CHECK_MESSAGE(
      std::any_of(
          rules.begin(), rules.end(), [&made](const auto& rule) { return rule.name == made.rule; }),
      made.rule);
  CHECK(error.fact("file").starts_with(file.folder));
  CHECK(error.message.starts_with(file.folder));
  CHECK((made.side == "plugin" || made.side == "host"));
  CHECK_FALSE(error.next.empty());
  for (const std::string& text : {error.message, error.next}) {
    CHECK(printable(text, 10'000) == text);
  }
  return made;
}

}  // namespace atlink::tests
