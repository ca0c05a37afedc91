// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/trust.h"

#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

constexpr unsigned me = 1000;
constexpr unsigned stranger = 1001;

/// A machine with one plugin, in the folder asked for.
struct Machine : PluginFolders {
  explicit Machine(const std::string& folder) : file(folder + "/acme/product.json") {
    put(folder, "acme", small("acme"));
  }

  /// The path that is found untrustworthy, or "" if the plugin is taken.
  std::string refused() {
    files.opened.clear();
    const auto described = registry().describe("acme");
    if (described.has_value()) {
      notes = described->notes;
      return "";
    }
    CAPTURE(said(described.error()));
    CHECK(described.error().code == ErrorCode::plugin_untrusted);
    CHECK(described.error().fact("rule") == "trust");
    CHECK_FALSE(described.error().next.empty());
    CHECK(files.opened.empty());
    return std::string(described.error().fact("file"));
  }

  std::string file;
  std::vector<std::string> notes;
};

}  // namespace

TEST_CASE("trust: what belongs to the user or root and only they can write to is taken") {
  Machine machine(PluginFolders::user);
  CHECK(machine.refused().empty());
  CHECK(machine.notes.empty());
  for (const char* path : {"/home", "/home/user/data/plugins/acme"}) {
    machine.files.at(path).owner = 0;
  }
  machine.files.at(machine.file).owner = 0;
  CHECK(machine.refused().empty());
}

TEST_CASE("trust: a stranger's file, folder or folder above is refused without being opened") {
  for (const char* path : {"/home/user/data/plugins/acme/product.json",
                           "/home/user/data/plugins/acme",
                           "/home/user/data/plugins",
                           "/home",
                           "/"}) {
    CAPTURE(path);
    Machine machine(PluginFolders::user);
    machine.files.at(path).owner = stranger;
    CHECK(machine.refused() == path);
  }
}

TEST_CASE("trust: what anybody or the group can write to is refused") {
  for (const unsigned extra : {0002U, 0020U}) {
    for (const char* path : {"/home/user/data/plugins/acme/product.json",
                             "/home/user/data/plugins/acme",
                             "/home/user/data/plugins",
                             "/home"}) {
      CAPTURE(path);
      Machine machine(PluginFolders::user);
      machine.files.at(path).mode |= extra;
      CHECK(machine.refused() == path);
    }
  }
}

TEST_CASE("trust: a folder above may be open to all like /tmp, the plugin's own may not") {
  Machine machine(PluginFolders::user);
  machine.files.at("/home").mode = 01777;
  machine.files.at(PluginFolders::user).mode = 01777;
  CHECK(machine.refused().empty());
  machine.files.at("/home/user/data/plugins/acme").mode = 01777;
  CHECK(machine.refused() == "/home/user/data/plugins/acme");
}

TEST_CASE("trust: in an open folder above, a stranger's plugin is still a stranger's") {
  Machine machine(PluginFolders::user);
  machine.files.at(PluginFolders::user).mode = 01777;
  machine.files.at("/home/user/data/plugins/acme").owner = stranger;
  CHECK(machine.refused() == "/home/user/data/plugins/acme");
}

TEST_CASE("trust: the installed tree and --plugin-dir may be writable by the group, with a note") {
  for (const char* folder : {PluginFolders::installed, PluginFolders::flag}) {
    CAPTURE(folder);
    Machine machine(folder);
    machine.files.at(folder).mode = 0775;
    machine.files.at(machine.file).mode = 0664;
    CHECK(machine.refused().empty());
    CHECK(machine.notes ==
          std::vector<std::string>{"its group may write to " + std::string(folder) +
                                   ", and so change plugins"});
    machine.files.at(machine.file).mode = 0666;
    CHECK(machine.refused() == machine.file);
  }
  for (const char* folder : {PluginFolders::environment, PluginFolders::user}) {
    CAPTURE(folder);
    Machine machine(folder);
    machine.files.at(machine.file).mode = 0664;
    CHECK(machine.refused() == machine.file);
  }
}

TEST_CASE("trust: installed plugins may belong to whoever owns the program, others may not") {
  for (const char* folder : {PluginFolders::installed, PluginFolders::flag, PluginFolders::user}) {
    CAPTURE(folder);
    const bool installed = folder == PluginFolders::installed;
    Machine machine(folder);
    machine.files.file("/usr/bin/program", "");
    machine.files.at("/usr/bin/program").owner = stranger;
    machine.files.at(machine.file).owner = stranger;
    CHECK(machine.refused() == (installed ? "" : machine.file));
    machine.files.at(machine.file).owner = stranger + 1;
    CHECK(machine.refused() == machine.file);
  }
}

TEST_CASE("trust: a symbolic link is judged where it stands and where it leads") {
  PluginFolders machine;
  machine.put("/home/user/checkout", "acme", small("acme"));
  machine.files.link("/usr/share/plugins/acme", "../../../home/user/checkout/acme");
  CHECK(machine.registry().describe("acme").has_value());
  machine.files.at("/home/user/checkout").mode = 0777;
  const auto open = machine.registry().describe("acme");
  REQUIRE_FALSE(open.has_value());
  CHECK(open.error().fact("file") == "/home/user/checkout");
  machine.files.at("/home/user/checkout").mode = 0755;
  machine.files.at("/usr/share/plugins/acme").owner = stranger;
  const auto strange = machine.registry().describe("acme");
  REQUIRE_FALSE(strange.has_value());
  CHECK(strange.error().fact("file") == "/usr/share/plugins/acme");
}

TEST_CASE("trust: a linked product.json is judged at every hop") {
  PluginFolders machine;
  machine.files.folder("/flag/acme");
  machine.files.file("/srv/real.json", json::write(small("acme")));
  machine.files.folder("/srv/open", 0777);
  machine.files.link("/srv/open/hop.json", "/srv/real.json");
  machine.files.link("/flag/acme/product.json", "/srv/open/hop.json");
  const auto described = machine.registry().describe("acme");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().code == ErrorCode::plugin_untrusted);
  CHECK(described.error().fact("file") == "/srv/open");
  CHECK(machine.files.opened.empty());
}

TEST_CASE("trust: links in a circle end") {
  MemoryFiles files;
  files.link("/a", "/b");
  files.link("/b", "/a");
  TrustCheck trust(files, SearchFolder::From::flag);
  const auto checked = trust.check("/a/x");
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().code == ErrorCode::plugin_untrusted);
  CHECK(checked.error().message.find("too many symbolic links") != std::string::npos);
}

TEST_CASE("trust: a relative path is judged from the working directory up") {
  MemoryFiles files;
  files.file("/home/user/here/acme/product.json", "{}");
  files.working_directory = "/home/user/here";
  TrustCheck trust(files, SearchFolder::From::flag);
  CHECK(trust.check("./acme/product.json").has_value());
  CHECK(trust.check("../here/acme").has_value());
  files.at("/home/user").owner = stranger;
  TrustCheck again(files, SearchFolder::From::flag);
  const auto checked = again.check("acme/product.json");
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().fact("file") == "/home/user");
}

TEST_CASE("trust: an untrusted newcomer does not hide the installed plugin") {
  PluginFolders machine;
  machine.put(PluginFolders::installed, "acme", small("acme"));
  machine.put(PluginFolders::user, "acme", small("acme", {{"replaces", "acme"}}));
  machine.files.at("/home/user/data/plugins/acme").owner = stranger;
  const auto described = machine.registry().describe("acme");
  REQUIRE(described.has_value());
  CHECK(described->folders.front() == "/usr/share/plugins/acme");
  REQUIRE(described->notes.size() == 1);
  CHECK(described->notes[0].find("passed over /home/user/data/plugins/acme") == 0);
  CHECK(machine.files.user() == me);
}

TEST_SUITE_END();
