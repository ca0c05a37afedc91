// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_files.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using atlink::posix::PosixFiles;
using atlink::tests::TemporaryFolder;
using std::chrono::milliseconds;

TEST_CASE("lock: a second holder is refused until the first lets go, in the same process too") {
  const TemporaryFolder folder;
  PosixFiles files;
  auto first = files.lock(folder / "lock", milliseconds{0}).value();
  const auto second = files.lock(folder / "lock", milliseconds{20});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == ErrorCode::file_locked);
  CHECK(second.error().fact("file") == folder / "lock");
  first.reset();
  CHECK(files.lock(folder / "lock", milliseconds{0}).has_value());
  CHECK(std::filesystem::exists(folder / "lock"));
}

TEST_CASE("lock: the end of a process, however it comes, lets go") {
  const TemporaryFolder folder;
  PosixFiles files;
  const int outcome = tests::in_child([&] {
    const auto held = files.lock(folder / "lock", milliseconds{0});
    return held.has_value() ? ::raise(SIGKILL) : 1;
  });
  CHECK(outcome == -SIGKILL);
  CHECK(files.lock(folder / "lock", milliseconds{0}).has_value());
}

TEST_CASE("lock: one who waits gets it when it is free") {
  const TemporaryFolder folder;
  PosixFiles files;
  auto first = files.lock(folder / "lock", milliseconds{0}).value();
  bool got = false;
  std::thread waiting([&] { got = files.lock(folder / "lock", milliseconds{30000}).has_value(); });
  std::this_thread::sleep_for(milliseconds{20});
  first.reset();
  waiting.join();
  CHECK(got);
}

TEST_CASE("lock: a symbolic link is not followed") {
  const TemporaryFolder folder;
  PosixFiles files;
  std::filesystem::create_symlink(folder / "elsewhere", folder / "lock");
  CHECK(files.lock(folder / "lock", milliseconds{0}).error().code == ErrorCode::file_unwritable);
  CHECK_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

TEST_SUITE_END();
