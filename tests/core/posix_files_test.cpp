// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_files.h"

#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include <sys/stat.h>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using atlink::posix::PosixFiles;
using atlink::tests::TemporaryFolder;

namespace {

std::string content_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void put(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

unsigned mode_of(const std::string& path) {
  struct stat info {};

  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info.st_mode & 07777U;
}

/// Sets the umask for as long as it lives.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}

  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;

  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

}  // namespace

TEST_CASE("files: what is written can be read again") {
  const TemporaryFolder folder;
  PosixFiles files;
  const std::string bytes("a\0b\r\n\xff", 6);
  REQUIRE(files.write_all(folder / "x", bytes, 0600).has_value());
  CHECK(files.read_all(folder / "x").value() == bytes);
  REQUIRE(files.write_all(folder / "x", "", 0600).has_value());
  CHECK(files.read_all(folder / "x").value().empty());
  CHECK(files.list(folder.path()).value() == std::vector<std::string>{"x"});
}

TEST_CASE("files: a created file has the mode asked for, whatever the umask") {
  const TemporaryFolder folder;
  PosixFiles files;
  {
    const Umask all(0777);
    REQUIRE(files.write_all(folder / "sub/deep/secret", "s", 0600).has_value());
    REQUIRE(files.write_all(folder / "sub/open", "s", 0644).has_value());
  }
  {
    const Umask none(0);
    REQUIRE(files.write_all(folder / "sub/other", "s", 0600).has_value());
    REQUIRE(files.lock(folder / "sub/lock", std::chrono::milliseconds{0}).has_value());
  }
  CHECK(mode_of(folder / "sub/deep/secret") == 0600);
  CHECK(mode_of(folder / "sub/open") == 0644);
  CHECK(mode_of(folder / "sub/other") == 0600);
  CHECK(mode_of(folder / "sub/lock") == 0600);
  CHECK(mode_of(folder / "sub") == 0700);
  CHECK(mode_of(folder / "sub/deep") == 0700);
}

TEST_CASE("files: creating never follows a symbolic link") {
  const TemporaryFolder folder;
  PosixFiles files;
  std::filesystem::create_symlink(folder / "elsewhere", folder / "link");
  const auto created = files.open(folder / "link", OpenMode::create_new, 0600);
  REQUIRE_FALSE(created.has_value());
  CHECK(created.error().code == ErrorCode::file_exists);
  CHECK_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

TEST_CASE("files: writing whole replaces a symbolic link and leaves what it led to") {
  const TemporaryFolder folder;
  PosixFiles files;
  put(folder / "elsewhere", "untouched");
  std::filesystem::create_symlink(folder / "elsewhere", folder / "link");
  REQUIRE(files.write_all(folder / "link", "new", 0600).has_value());
  CHECK(content_of(folder / "elsewhere") == "untouched");
  CHECK(files.stat(folder / "link", false).value().kind == FileKind::regular);
}

TEST_CASE("files: a link is followed for reading and told by stat and read_link") {
  const TemporaryFolder folder;
  PosixFiles files;
  put(folder / "target", "text");
  std::filesystem::create_symlink("target", folder / "link");
  CHECK(files.read_all(folder / "link").value() == "text");
  CHECK(files.stat(folder / "link", false).value().kind == FileKind::symlink);
  CHECK(files.stat(folder / "link", true).value().kind == FileKind::regular);
  CHECK(files.read_link(folder / "link").value() == "target");
  CHECK(files.read_link(folder / "target").error().code == ErrorCode::file_unreadable);
  CHECK(files.read_link(folder / "none").error().code == ErrorCode::file_not_found);
}

TEST_CASE("files: the leftover of a killed run is replaced, also where it is a link") {
  const TemporaryFolder folder;
  PosixFiles files;
  put(folder / "victim", "untouched");
  put(folder / ".x.new", "half a fi");
  REQUIRE(files.write_all(folder / "x", "whole", 0600).has_value());
  CHECK(content_of(folder / "x") == "whole");
  std::filesystem::create_symlink(folder / "victim", folder / ".x.new");
  REQUIRE(files.write_all(folder / "x", "again", 0600).has_value());
  CHECK(content_of(folder / "x") == "again");
  CHECK(content_of(folder / "victim") == "untouched");
  CHECK(files.list(folder.path()).value() == std::vector<std::string>{"victim", "x"});
}

TEST_CASE("files: stat tells kind, size, mode and owner, and what is missing") {
  const TemporaryFolder folder;
  PosixFiles files;
  REQUIRE(files.write_all(folder / "x", "12345", 0640).has_value());
  const FileInfo info = files.stat(folder / "x", false).value();
  CHECK(info.kind == FileKind::regular);
  CHECK(info.size == 5);
  CHECK(info.mode == 0640);
  CHECK(info.owner == files.user());
  CHECK(files.stat(folder.path(), true).value().kind == FileKind::folder);
  CHECK(files.stat("/dev/null", true).value().kind == FileKind::other);
  const auto missing = files.stat(folder / "none", true);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == ErrorCode::file_not_found);
  CHECK(missing.error().fact("file") == folder / "none");
  CHECK(files.stat(folder / "x/below", true).error().code == ErrorCode::file_not_found);
}

TEST_CASE("files: what is missing, a folder or too large is said with its path") {
  const TemporaryFolder folder;
  PosixFiles files;
  const auto missing = files.read_all(folder / "none");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == ErrorCode::file_not_found);
  CHECK(missing.error().message ==
        "cannot read " + (folder / "none") + ": no such file or directory");
  CHECK(files.read_all(folder.path()).error().code == ErrorCode::file_unreadable);
  put(folder / "large", std::string(101, 'x'));
  CHECK(files.read_all(folder / "large", 100).error().code == ErrorCode::file_damaged);
  CHECK(files.read_all(folder / "large", 101).value().size() == 101);
  CHECK(files.unlink(folder / "none").error().code == ErrorCode::file_not_found);
  CHECK(files.list(folder / "none").error().code == ErrorCode::file_not_found);
}

TEST_CASE("files: a folder is removed once it is empty, and moves with what is in it") {
  const TemporaryFolder folder;
  PosixFiles files;
  REQUIRE(files.make_folders(folder / "a/b", 0755).has_value());
  put(folder / "a/b/c", "content");
  CHECK(files.remove_folder(folder / "a/b").error().code == ErrorCode::file_unwritable);
  CHECK(files.remove_folder(folder / "none").error().code == ErrorCode::file_not_found);
  REQUIRE(files.rename(folder / "a", folder / "moved").has_value());
  CHECK(files.read_all(folder / "moved/b/c").value() == "content");
  REQUIRE(files.make_folders(folder / "full/x", 0755).has_value());
  CHECK_FALSE(files.rename(folder / "moved", folder / "full").has_value());
  REQUIRE(files.unlink(folder / "moved/b/c").has_value());
  CHECK(files.remove_folder(folder / "moved/b").has_value());
  CHECK(files.remove_folder(folder / "moved").has_value());
  CHECK(files.stat(folder / "moved", false).error().code == ErrorCode::file_not_found);
}

TEST_CASE("files: a file of unknown length is read whole") {
  PosixFiles files;
  // The kernel says 0 bytes of these.
  const std::string status = files.read_all("/proc/self/status").value();
  CHECK(status.find("VmSize") != std::string::npos);
  CHECK(files.open("/proc/self/status", OpenMode::read, 0).value()->length() == std::nullopt);
}

TEST_CASE("files: a full disk is one clear error") {
  PosixFiles files;
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(full >= 0);
  const auto file = files.open_descriptor(full).value();
  const Status written = file->write("text");
  ::close(full);
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == ErrorCode::file_unwritable);
  CHECK(written.error().message.find("no space left on device") != std::string::npos);
  CHECK(written.error().next == "free some space there and run the command again");
}

TEST_CASE("files: an unwritable folder is named and nothing is left in it") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "sealed");
  put(folder / "sealed/x", "old");
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  std::filesystem::permissions(folder / "sealed", std::filesystem::perms{0555});
  const int outcome = tests::as_plain_user([&] {
    PosixFiles files;
    const Status written = files.write_all(folder / "sealed/x", "new", 0600);
    if (written.has_value() || written.error().code != ErrorCode::file_unwritable) {
      return 1;
    }
    const bool told =
        written.error().message == "cannot create " + (folder / "sealed/x") + ": permission denied";
    const bool helps =
        written.error().next.find("ls -ld '" + (folder / "sealed") + "'") != std::string::npos;
    return told && helps && written.error().fact("file") == folder / "sealed/x" ? 0 : 2;
  });
  CHECK(outcome == 0);
  CHECK(content_of(folder / "sealed/x") == "old");
  CHECK(PosixFiles().list(folder / "sealed").value() == std::vector<std::string>{"x"});
}

TEST_CASE("files: a folder where the file should be is an error that leaves no temporary file") {
  const TemporaryFolder folder;
  PosixFiles files;
  std::filesystem::create_directory(folder / "x");
  const Status written = files.write_all(folder / "x", "new", 0600);
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == ErrorCode::file_unwritable);
  CHECK(files.list(folder.path()).value() == std::vector<std::string>{"x"});
}

TEST_CASE("files: folders are made through a link, but not through a file") {
  const TemporaryFolder folder;
  PosixFiles files;
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_directory_symlink(folder / "real", folder / "link");
  REQUIRE(files.make_folders(folder / "link/a/b", 0700).has_value());
  CHECK(std::filesystem::is_directory(folder / "real/a/b"));
  REQUIRE(files.make_folders(folder / "real/a/b/", 0700).has_value());
  REQUIRE(files.make_folders(folder / "real//c///d/", 0700).has_value());
  CHECK(std::filesystem::is_directory(folder / "real/c/d"));
  put(folder / "file", "");
  CHECK(files.make_folders(folder / "file", 0700).error().code == ErrorCode::file_unwritable);
  CHECK_FALSE(files.make_folders(folder / "file/x", 0700).has_value());
}

TEST_CASE("files: a descriptor given from outside stays open and starts where it stood") {
  const TemporaryFolder folder;
  PosixFiles files;
  put(folder / "x", "0123456789");
  const int given = ::open((folder / "x").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::lseek(given, 4, SEEK_SET) == 4);
  {
    const auto file = files.open_descriptor(given).value();
    CHECK(file->length() == 6);
    std::array<char, 16> buffer{};
    CHECK(file->read(buffer).value() == 6);
    CHECK(buffer[0] == '4');
    CHECK(file->rewind());
    CHECK(file->read(buffer).value() == 6);
    CHECK(file->close().has_value());
  }
  CHECK(::fcntl(given, F_GETFD) >= 0);
  ::close(given);
  const auto closed = files.open_descriptor(given);
  REQUIRE_FALSE(closed.has_value());
  CHECK(closed.error().code == ErrorCode::file_not_found);
  CHECK(closed.error().next.find(std::to_string(given) + "<FILE") != std::string::npos);
}

TEST_CASE("files: a pipe has no length and cannot be rewound") {
  PosixFiles files;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto file = files.open_descriptor(ends[0]).value();
  CHECK(file->length() == std::nullopt);
  CHECK_FALSE(file->rewind());
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("files: what is opened here is not inherited by children") {
  const TemporaryFolder folder;
  PosixFiles files;
  const auto file = files.open(folder / "x", OpenMode::create_new, 0600).value();
  const auto lock = files.lock(folder / "lock", std::chrono::milliseconds{0}).value();
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone).string().rfind(folder.path(), 0) == 0) {
      const int number = std::stoi(entry.path().filename().string());
      CHECK((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
      ++seen;
    }
  }
  CHECK(seen == 2);
}

TEST_SUITE_END();
