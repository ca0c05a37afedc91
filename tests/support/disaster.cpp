// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disaster.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace atlink::tests {

namespace {

constexpr int more_calls_than_any = 500;

bool leaves_temporary_file(const FakeFileSystem& files) {
  const auto paths = files.files();
  return std::any_of(
      paths.begin(), paths.end(), [](const std::string& path) { return path.ends_with(".new"); });
}

void check_whole(const Undertaking& undertaking, FakeFileSystem& files) {
  const std::string state = undertaking.state(files);
  CHECK_MESSAGE((state == "old" || state == "new"), state);
}

void check_runs_again(const Undertaking& undertaking, FakeFileSystem& files) {
  files.heal();
  const Status again = undertaking.work(files);
  CHECK_MESSAGE(again.has_value(), (again ? std::string() : again.error().message));
  CHECK(undertaking.state(files) == "new");
  CHECK_FALSE(leaves_temporary_file(files));
}

/// False when the call of that number is never made.
bool fail_one(const Undertaking& undertaking, int call, bool and_all_after) {
  CAPTURE(call);
  CAPTURE(and_all_after);
  FakeFileSystem files;
  undertaking.prepare(files);
  const bool left_before = leaves_temporary_file(files);
  if (and_all_after) {
    files.fail_from(call, ErrorCode::file_io);
  } else {
    files.fail_at(call, ErrorCode::file_io);
  }
  const Status outcome = undertaking.work(files);
  const bool struck = files.struck();
  files.heal();
  check_whole(undertaking, files);
  if (outcome) {
    CHECK(undertaking.state(files) == "new");
  }
  if (!and_all_after && !left_before) {
    CHECK_FALSE(leaves_temporary_file(files));
  }
  check_runs_again(undertaking, files);
  return struck;
}

bool kill_one(const Undertaking& undertaking, int call, Survives survives) {
  CAPTURE(call);
  CAPTURE(static_cast<int>(survives));
  FakeFileSystem files;
  undertaking.prepare(files);
  files.kill_at(call);
  bool killed = false;
  try {
    const Status outcome = undertaking.work(files);
    CHECK(outcome.has_value());
  } catch (const Killed&) {
    killed = true;
  }
  files.restart(survives);
  check_whole(undertaking, files);
  if (!killed) {
    CHECK(undertaking.state(files) == "new");
  }
  check_runs_again(undertaking, files);
  return killed;
}

}  // namespace

int fail_everywhere(const Undertaking& undertaking) {
  int call = 1;
  while (call < more_calls_than_any && fail_one(undertaking, call, false)) {
    CHECK(fail_one(undertaking, call, true));
    ++call;
  }
  REQUIRE(call < more_calls_than_any);
  return call - 1;
}

int kill_everywhere(const Undertaking& undertaking) {
  int call = 1;
  while (call < more_calls_than_any && kill_one(undertaking, call, Survives::all)) {
    CHECK(kill_one(undertaking, call, Survives::names));
    CHECK(kill_one(undertaking, call, Survives::flushed));
    ++call;
  }
  // Once nothing is killed any more, what was reported as done must outlive a power failure.
  kill_one(undertaking, call, Survives::names);
  kill_one(undertaking, call, Survives::flushed);
  REQUIRE(call < more_calls_than_any);
  return call - 1;
}

}  // namespace atlink::tests
