// SPDX-License-Identifier: Apache-2.0
#include "core/posix/descriptor.h"
#include "core/posix/posix_files.h"
#include "core/posix/system_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <thread>
#include <utility>

#include <sys/file.h>
#include <sys/stat.h>

namespace atlink::posix {

namespace {

/// Held by an open file description of its own, so that threads exclude each other as well; the
/// system lets go of it when the process ends in whatever way.
class FlockLock final : public FileSystem::Lock {
 public:
  explicit FlockLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

Result<Descriptor> open_lock_file(const std::string& path) {
  constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  Descriptor descriptor(retrying([&] { return ::open(path.c_str(), flags, 0600); }));
  if (!descriptor.valid()) {
    return fail(file_error(Intent::writing, "lock", path, errno));
  }

  struct stat info {};

  if (::fstat(descriptor.get(), &info) == 0 && (info.st_mode & 07777U) != 0600U) {
    // A strange umask; where the file is not ours this changes nothing, and nothing depends on it.
    static_cast<void>(::fchmod(descriptor.get(), 0600));
  }
  return descriptor;
}

Error held_too_long(const std::string& path, std::chrono::milliseconds patience) {
  return make_error(ErrorCode::file_locked,
                    fmt::format("another process has held {} for {} ms", path, patience.count()),
                    fmt::format("see which one (fuser '{}'), wait for it or end it", path))
      .with("file", path);
}

}  // namespace

Result<std::unique_ptr<FileSystem::Lock>> PosixFiles::lock(const std::string& path,
                                                           std::chrono::milliseconds patience) {
  ATLINK_ASSIGN(Descriptor descriptor, open_lock_file(path));
  const auto give_up = std::chrono::steady_clock::now() + patience;
  std::chrono::milliseconds pause{1};
  while (retrying([&] { return ::flock(descriptor.get(), LOCK_EX | LOCK_NB); }) < 0) {
    if (errno != EWOULDBLOCK) {
      return fail(file_error(Intent::writing, "lock", path, errno));
    }
    if (std::chrono::steady_clock::now() >= give_up) {
      return fail(held_too_long(path, patience));
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds{50});
  }
  return std::make_unique<FlockLock>(std::move(descriptor));
}

}  // namespace atlink::posix
