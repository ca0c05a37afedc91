// SPDX-License-Identifier: Apache-2.0
#include "atlink/profile.h"
#include "tests/support/map_environment.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("core/profile");

using namespace atlink;
using atlink::tests::MapEnvironment;

TEST_CASE("folders: the XDG variables count") {
  const auto folders = folders_from(MapEnvironment{{"XDG_CONFIG_HOME", "/c"},
                                                   {"XDG_DATA_HOME", "/d/"},
                                                   {"XDG_STATE_HOME", "/s"}})
                           .value();
  CHECK(folders.config == "/c/atlink");
  CHECK(folders.data == "/d/atlink");
  CHECK(folders.state == "/s/atlink");
}

TEST_CASE("folders: an empty or relative variable counts as unset") {
  const auto folders = folders_from(MapEnvironment{{"HOME", "/home/me"},
                                                   {"XDG_CONFIG_HOME", ""},
                                                   {"XDG_DATA_HOME", "relative/data"},
                                                   {"XDG_STATE_HOME", "./state"}})
                           .value();
  CHECK(folders.config == "/home/me/.config/atlink");
  CHECK(folders.data == "/home/me/.local/share/atlink");
  CHECK(folders.state == "/home/me/.local/state/atlink");
}

TEST_CASE("folders: without HOME the missing variable is named") {
  const auto folders = folders_from(
      MapEnvironment{{"HOME", "here"}, {"XDG_CONFIG_HOME", "/c"}, {"XDG_DATA_HOME", "/d"}});
  REQUIRE_FALSE(folders.has_value());
  CHECK(folders.error().code == ErrorCode::file_not_found);
  CHECK(folders.error().message.find("XDG_STATE_HOME") != std::string::npos);
}

TEST_CASE("folders: the root folder as home is no special case") {
  CHECK(folders_from(MapEnvironment{{"HOME", "/"}}).value().config == "/.config/atlink");
}

TEST_SUITE_END();
