// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "core/posix/posix_files.h"
#include "tests/support/child.h"
#include "tests/support/records.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

#include <sys/mount.h>
#include <sys/wait.h>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

/// Starts a process that runs `work` and ends with what it returns.
pid_t start(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(work());
  }
  return child;
}

int status_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

std::string content_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("file store on disk: many processes save and every write counts") {
  const TemporaryFolder folder;
  constexpr int processes = 6;
  constexpr int writes = 20;
  std::vector<pid_t> children;
  children.reserve(processes);
  for (int i = 0; i < processes; ++i) {
    children.push_back(start([&] {
      posix::PosixFiles files;
      const auto store = make_file_store(files, folder / "state");
      for (int n = 0; n < writes; ++n) {
        if (!store->save("work", some_credential("t"))) {
          return 1;
        }
        const auto seen = store->load("work");
        if (!seen || !*seen) {
          return 2;
        }
      }
      return 0;
    }));
  }
  for (const pid_t child : children) {
    CHECK(status_of(child) == 0);
  }
  posix::PosixFiles files;
  CHECK(make_file_store(files, folder / "state")->load("work").value()->version ==
        processes * writes);
}

TEST_CASE("file store on disk: a process killed at any time leaves a whole record and no lock") {
  const TemporaryFolder folder;
  posix::PosixFiles files;
  const auto store = make_file_store(files, folder / "state");
  REQUIRE(store->save("work", some_credential("first")).has_value());
  for (int round = 0; round < 40; ++round) {
    const pid_t child = start([&] {
      while (true) {
        static_cast<void>(store->save("work", some_credential(std::string(3000, 'x'))));
      }
      return 0;
    });
    ::usleep(static_cast<useconds_t>(500 + 250 * round));
    ::kill(child, SIGKILL);
    CHECK(WIFSIGNALED(status_of(child)));
    const auto loaded = store->load("work");
    REQUIRE(loaded.has_value());
    REQUIRE(loaded->has_value());
    const std::int64_t before = (*loaded)->version;
    REQUIRE(store->save("work", some_credential("next")).has_value());
    CHECK(store->load("work").value()->version == before + 1);
  }
}

TEST_CASE("file store on disk: a full disk is told and leaves the old record") {
  const TemporaryFolder folder;
  // A mount in a mount namespace of the child's own: nothing else on the machine sees it.
  const int outcome = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
      return skipped;
    }
    posix::PosixFiles files;
    const auto store = make_file_store(files, folder / "state");
    if (!store->save("work", some_credential("old"))) {
      return 1;
    }
    const std::string before = content_of(folder / "state/credentials/work.json");
    std::ofstream(folder / "filler") << std::string(200000, 'x') << std::flush;
    const Status saved = store->save("work", some_credential(std::string(9000, 'n')));
    if (saved || saved.error().code != ErrorCode::file_unwritable ||
        saved.error().message.find("no space left on device") == std::string::npos) {
      return 2;
    }
    if (store->check_writable("work").has_value()) {
      return 3;
    }
    const auto left = files.list(folder / "state/credentials").value();
    const bool whole = content_of(folder / "state/credentials/work.json") == before;
    return whole && left == std::vector<std::string>{"work.json"} ? 0 : 4;
  });
  if (outcome == skipped) {
    MESSAGE("SKIPPED: this user may not mount a small file system");
    return;
  }
  CHECK(outcome == 0);
}

TEST_CASE("file store on disk: an unwritable state folder is told before anything is begun") {
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  std::filesystem::create_directory(folder / "state");
  std::filesystem::permissions(folder / "state", std::filesystem::perms{0555});
  const int outcome = as_plain_user([&] {
    posix::PosixFiles files;
    const auto store = make_file_store(files, folder / "state");
    const Status checked = store->check_writable("work");
    const bool told = !checked && checked.error().code == ErrorCode::file_unwritable &&
                      checked.error().message.find(folder / "state") != std::string::npos &&
                      !checked.error().next.empty();
    return told && store->load("work").has_value() && store->erase("work").has_value() ? 0 : 1;
  });
  CHECK(outcome == 0);
}

TEST_CASE("file store on disk: a folder with a record's name is told before anything is begun") {
  const TemporaryFolder folder;
  posix::PosixFiles files;
  const auto store = make_file_store(files, folder / "state");
  REQUIRE(store->check_writable("work").has_value());
  for (const char* kind : {"credentials", "pending"}) {
    const std::string occupied = folder / ("state/" + std::string(kind) + "/work.json");
    std::filesystem::create_directory(occupied);
    const Status checked = store->check_writable("work");
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::file_damaged);
    CHECK(checked.error().fact("file") == occupied);
    CHECK(store->check_writable("other").has_value());
    std::filesystem::remove(occupied);
  }
}

TEST_CASE("file store on disk: a record that others can read is refused, as the disk tells it") {
  const TemporaryFolder folder;
  posix::PosixFiles files;
  const auto store = make_file_store(files, folder / "state");
  REQUIRE(store->save("work", some_credential("t")).has_value());
  const std::string file = folder / "state/credentials/work.json";
  CHECK(files.stat(file, false).value().mode == 0600);
  CHECK(files.stat(folder / "state", false).value().mode == 0700);
  CHECK(files.stat(folder / "state/credentials", false).value().mode == 0700);
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  CHECK(store->load("work").error().code == ErrorCode::file_permissions);
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  std::filesystem::rename(file, folder / "moved");
  std::filesystem::create_symlink(folder / "moved", file);
  CHECK(store->load("work").error().code == ErrorCode::file_damaged);
}

TEST_SUITE_END();
