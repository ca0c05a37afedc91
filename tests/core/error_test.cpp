// SPDX-License-Identifier: Apache-2.0
#include "atlink/error.h"

#include "atlink/result.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

TEST_SUITE_BEGIN("core/base");

using namespace atlink;

TEST_CASE("errors: numbers and dotted names are unique and ascend") {
  std::set<std::string> names;
  int last = 0;
  for (const ErrorCode code : all_error_codes()) {
    CHECK(static_cast<int>(code) > last);
    last = static_cast<int>(code);
    CHECK(names.insert(std::string(name_of(code))).second);
    CHECK_FALSE(meaning_of(code).empty());
  }
}

TEST_CASE("errors: facts are added on the way up and found by name") {
  Error error = make_error(ErrorCode::file_not_found, "no such file").with("file", "/x");
  CHECK(error.fact("file") == "/x");
  CHECK(error.fact("profile").empty());
}

namespace {

Result<int> one(bool works) {
  if (!works) {
    return fail(ErrorCode::usage, "asked to fail");
  }
  return 1;
}

Result<int> two(bool works) {
  ATLINK_ASSIGN(const int value, one(works));
  return value + 1;
}

}  // namespace

TEST_CASE("results: ATLINK_ASSIGN hands the error on") {
  CHECK(two(true).value() == 2);
  const auto failed = two(false);
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == ErrorCode::usage);
}

TEST_SUITE_END();
