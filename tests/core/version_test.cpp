// SPDX-License-Identifier: Apache-2.0
#include "atlink/version.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

TEST_CASE("versions: they are compared number by number") {
  CHECK(compare_versions("10.1", "9.2") == 1);
  CHECK(compare_versions("9.2", "10.1") == -1);
  CHECK(compare_versions("9", "9.0.0") == 0);
  CHECK(compare_versions("9.0-rc1", "9.0") == 0);
  CHECK(compare_versions("9.10.1", "9.9.9") == 1);
  CHECK(compare_versions("99999999999999999999999", "1") == 1);
  CHECK(compare_versions("", "0") == 0);
}

TEST_CASE("versions: a range has its first and not its end") {
  const VersionRange range{"8.22", "11.2"};
  CHECK(range.holds("8.22"));
  CHECK(range.holds("11.1.9"));
  CHECK_FALSE(range.holds("11.2"));
  CHECK_FALSE(range.holds("8.21.3"));
  CHECK(range.holds(""));
  CHECK(VersionRange{}.holds("1"));
  CHECK(VersionRange{"2", ""}.holds("3"));
  CHECK_FALSE(VersionRange{"", "2"}.holds("2.0"));
}

TEST_SUITE_END();
