// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"

#include <doctest/doctest.h>

#include <unistd.h>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;

TEST_CASE("system platform: it is the real world, and the same one each time") {
  const Platform first = system_platform();
  const Platform second = system_platform();
  CHECK(&first.files == &second.files);
  CHECK(&first.transport == &second.transport);
  CHECK(first.files.user() == ::geteuid());
  CHECK(first.environment.get("PATH").has_value());
  CHECK(first.clock.now() >
        std::chrono::system_clock::time_point(std::chrono::hours{24 * 365 * 50}));
}

TEST_SUITE_END();
