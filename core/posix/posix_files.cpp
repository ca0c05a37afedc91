// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_files.h"

#include "core/posix/descriptor.h"
#include "core/posix/paths.h"
#include "core/posix/posix_file.h"
#include "core/posix/system_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <utility>

#include <sys/stat.h>

namespace atlink::posix {

namespace {

Result<Descriptor> open_for_reading(const std::string& path) {
  Descriptor descriptor(retrying([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!descriptor.valid()) {
    return fail(file_error(Intent::reading, "read", path, errno));
  }

  struct stat info {};

  if (::fstat(descriptor.get(), &info) == 0 && S_ISDIR(info.st_mode)) {
    return fail(file_error(Intent::reading, "read", path, EISDIR));
  }
  return descriptor;
}

Result<Descriptor> create(const std::string& path, unsigned mode) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Descriptor descriptor(retrying([&] { return ::open(path.c_str(), flags, mode & 0600U); }));
  if (!descriptor.valid()) {
    return fail(file_error(Intent::writing, "create", path, errno));
  }
  // The umask has had its say on the mode of open, so it is set again.
  if (::fchmod(descriptor.get(), mode) < 0) {
    const int number = errno;
    ::unlink(path.c_str());
    return fail(file_error(Intent::writing, "create", path, number));
  }
  return descriptor;
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) {
    return FileKind::regular;
  }
  if (S_ISDIR(mode)) {
    return FileKind::folder;
  }
  return S_ISLNK(mode) ? FileKind::symlink : FileKind::other;
}

/// Makes one folder and has its entry reach the disk; fine where it exists.
Status make_folder(const std::string& folder, unsigned mode) {
  if (::mkdir(folder.c_str(), mode) < 0) {
    if (errno == EEXIST) {
      return {};
    }
    return fail(file_error(Intent::writing, "make the folder", folder, errno));
  }
  if (::chmod(folder.c_str(), mode) < 0) {
    return fail(file_error(Intent::writing, "make the folder", folder, errno));
  }
  return PosixFiles().flush_folder(folder_of(folder));
}

bool is_folder(const std::string& path) {
  struct stat info {};

  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

Result<std::unique_ptr<File>> PosixFiles::open(const std::string& path,
                                               OpenMode how,
                                               unsigned mode) {
  ATLINK_ASSIGN(Descriptor descriptor,
                how == OpenMode::read ? open_for_reading(path) : create(path, mode));
  return std::make_unique<PosixFile>(std::move(descriptor), path, true);
}

Result<std::unique_ptr<File>> PosixFiles::open_descriptor(int descriptor) {
  const std::string name =
      descriptor == 0 ? "standard input" : fmt::format("file descriptor {}", descriptor);
  if (::fcntl(descriptor, F_GETFD) < 0) {
    return fail(make_error(ErrorCode::file_not_found,
                           fmt::format("{} is not open", name),
                           fmt::format("open it for the command, for example {}<FILE", descriptor))
                    .with("file", name));
  }
  return std::make_unique<PosixFile>(Descriptor(descriptor), name, false);
}

Status PosixFiles::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) < 0) {
    return fail(file_error(Intent::writing, "write", to, errno));
  }
  return {};
}

Status PosixFiles::unlink(const std::string& path) {
  if (::unlink(path.c_str()) < 0) {
    return fail(file_error(Intent::writing, "remove", path, errno));
  }
  return {};
}

Status PosixFiles::remove_folder(const std::string& folder) {
  if (::rmdir(folder.c_str()) < 0) {
    return fail(file_error(Intent::writing, "remove", folder, errno));
  }
  return {};
}

Result<FileInfo> PosixFiles::stat(const std::string& path, bool follow) {
  struct stat info {};

  if ((follow ? ::stat(path.c_str(), &info) : ::lstat(path.c_str(), &info)) < 0) {
    // Below a file there is nothing, which is all that a caller wants to know.
    return fail(file_error(Intent::reading, "read", path, errno == ENOTDIR ? ENOENT : errno));
  }
  FileInfo told;
  told.kind = kind_of(info.st_mode);
  told.size = static_cast<std::uint64_t>(info.st_size);
  told.mode = info.st_mode & 07777U;
  told.owner = info.st_uid;
  told.modified = std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::seconds(info.st_mtim.tv_sec) +
          std::chrono::nanoseconds(info.st_mtim.tv_nsec)));
  return told;
}

Result<std::string> PosixFiles::read_link(const std::string& path) {
  std::string target(PATH_MAX, '\0');
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  if (size < 0) {
    return fail(file_error(Intent::reading, "read the symbolic link", path, errno));
  }
  target.resize(static_cast<std::size_t>(size));
  return target;
}

Result<std::vector<std::string>> PosixFiles::list(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(folder.c_str()), &::closedir);
  if (!stream) {
    return fail(file_error(Intent::reading, "list", folder, errno));
  }
  std::vector<std::string> names;
  errno = 0;
  // readdir on a stream of one's own is safe among threads in glibc.
  // NOLINTNEXTLINE(concurrency-mt-unsafe): see above
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = &entry->d_name[0];
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
    errno = 0;
  }
  if (errno != 0) {
    return fail(file_error(Intent::reading, "list", folder, errno));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Status PosixFiles::make_folders(const std::string& folder, unsigned mode) {
  if (is_folder(folder)) {
    return {};
  }
  std::size_t end = 0;
  while (end != std::string::npos) {
    end = folder.find('/', end + 1);
    const std::string part = folder.substr(0, end);
    if (!is_folder(part)) {
      ATLINK_CHECK(make_folder(part, mode));
    }
  }
  if (!is_folder(folder)) {
    return fail(file_error(Intent::writing, "use as a folder", folder, ENOTDIR));
  }
  return {};
}

Status PosixFiles::flush_folder(const std::string& folder) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  const Descriptor descriptor(retrying([&] { return ::open(folder.c_str(), flags); }));
  // Some file systems cannot flush a folder and say EINVAL; nothing more can be done there.
  if (!descriptor.valid() ||
      (retrying([&] { return ::fsync(descriptor.get()); }) < 0 && errno != EINVAL)) {
    return fail(file_error(Intent::writing, "write the folder", folder, errno));
  }
  return {};
}

unsigned PosixFiles::user() {
  return ::geteuid();
}

}  // namespace atlink::posix
