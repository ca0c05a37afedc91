// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_browser.h"

#include "tests/support/map_environment.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <unistd.h>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using namespace atlink::posix;
using atlink::tests::MapEnvironment;
using atlink::tests::TemporaryFolder;

namespace {

Url somewhere() {
  return Url::parse("https://site.example/authorize?oauth_token=a%26b").value();
}

using Commands = std::vector<std::vector<std::string>>;

/// A script that writes what it sees into `report`, whole at once.
std::string reporting_browser(const TemporaryFolder& folder) {
  const std::string script = folder / "browser";
  std::ofstream(script) << "#!/bin/sh\n{ echo \"args: $*\"; env; ls /proc/self/fd | tr '\\n' ' ';"
                           " readlink /proc/self/fd/0 /proc/self/fd/2; } > '"
                        << (folder / "part") << "'\nmv '" << (folder / "part") << "' '"
                        << (folder / "report") << "'\n";
  std::filesystem::permissions(script, std::filesystem::perms{0700});
  return script;
}

std::string wait_for(const std::string& path) {
  for (int i = 0; i < 2000 && !std::filesystem::exists(path); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("browser: without a desktop session there is no command and a clear error") {
  const MapEnvironment none{{"DISPLAY", ""}};
  CHECK(browser_commands(none, somewhere()).empty());
  const Status opened = PosixBrowser(none).open(somewhere());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::no_browser);
}

TEST_CASE("browser: BROWSER comes first, with the URL at its place or at the end") {
  const MapEnvironment chosen{{"BROWSER", "firefox --new %s:: w3m -x"}, {"DISPLAY", ":0"}};
  const Commands commands = browser_commands(chosen, somewhere());
  const std::string url = somewhere().str();
  REQUIRE(commands.size() > 2);
  CHECK(commands[0] == std::vector<std::string>{"firefox", "--new", url});
  CHECK(commands[1] == std::vector<std::string>{"w3m", "-x", url});
  CHECK(commands[2] == std::vector<std::string>{"xdg-open", url});
}

TEST_CASE("browser: BROWSER alone is enough, and so is a Wayland session") {
  CHECK(browser_commands(MapEnvironment{{"BROWSER", "lynx"}}, somewhere()).size() == 1);
  CHECK_FALSE(browser_commands(MapEnvironment{{"WAYLAND_DISPLAY", "w"}}, somewhere()).empty());
}

TEST_CASE("browser: it gets the URL and neither our secrets, files nor streams") {
  const TemporaryFolder folder;
  const int open_file = ::open("/dev/zero", O_RDONLY);  // no close-on-exec, on purpose
  ::setenv("ATLINK_OAUTH_TOKEN_SECRET", "s3cret", 1);
  const MapEnvironment chosen{{"BROWSER", "/nowhere/at/all:" + reporting_browser(folder)}};
  const Status opened = PosixBrowser(chosen).open(somewhere());
  ::unsetenv("ATLINK_OAUTH_TOKEN_SECRET");
  ::close(open_file);
  REQUIRE(opened.has_value());
  const std::string report = wait_for(folder / "report");
  CHECK(report.find("args: " + somewhere().str() + "\n") != std::string::npos);
  CHECK(report.find("PATH=") != std::string::npos);
  CHECK(report.find("s3cret") == std::string::npos);
  CHECK(report.find("0 1 2 3 /dev/null\n/dev/null\n") != std::string::npos);
}

TEST_CASE("browser: what was tried is named when nothing starts") {
  const MapEnvironment chosen{{"BROWSER", "/nowhere/at/all"}};
  const Status opened = PosixBrowser(chosen).open(somewhere());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().message ==
        "no browser could be started: /nowhere/at/all: no such file or directory");
}

TEST_SUITE_END();
