// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_file.h"

#include "core/posix/system_error.h"

#include <cerrno>
#include <utility>

#include <sys/stat.h>

namespace atlink::posix {

PosixFile::PosixFile(Descriptor descriptor, std::string path, bool owned)
    : descriptor_(std::move(descriptor)), path_(std::move(path)), owned_(owned) {
  struct stat info {};

  regular_ = ::fstat(descriptor_.get(), &info) == 0 && S_ISREG(info.st_mode);
  if (regular_) {
    const off_t here = ::lseek(descriptor_.get(), 0, SEEK_CUR);
    start_ = here < 0 ? 0 : here;
  }
}

PosixFile::~PosixFile() {
  if (!owned_) {
    static_cast<void>(descriptor_.release());
  }
}

Result<std::size_t> PosixFile::read(std::span<char> buffer) {
  const ssize_t got =
      retrying([&] { return ::read(descriptor_.get(), buffer.data(), buffer.size()); });
  if (got < 0) {
    return fail(file_error(Intent::reading, "read", path_, errno));
  }
  return static_cast<std::size_t>(got);
}

Status PosixFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put =
        retrying([&] { return ::write(descriptor_.get(), bytes.data(), bytes.size()); });
    if (put < 0) {
      return fail(file_error(Intent::writing, "write", path_, errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Status PosixFile::flush() {
  // A pipe or terminal cannot be flushed and says EINVAL.
  if (retrying([&] { return ::fsync(descriptor_.get()); }) < 0 && errno != EINVAL) {
    return fail(file_error(Intent::writing, "write", path_, errno));
  }
  return {};
}

bool PosixFile::rewind() {
  return regular_ && ::lseek(descriptor_.get(), start_, SEEK_SET) == start_;
}

std::optional<std::uint64_t> PosixFile::length() {
  struct stat info {};

  if (!regular_ || ::fstat(descriptor_.get(), &info) != 0 || info.st_size < start_) {
    return std::nullopt;
  }
  if (info.st_size == start_) {
    // Files of /proc say 0 and have content.
    char byte = 0;
    if (retrying([&] { return ::pread(descriptor_.get(), &byte, 1, start_); }) > 0) {
      return std::nullopt;
    }
  }
  return static_cast<std::uint64_t>(info.st_size - start_);
}

Status PosixFile::close() {
  if (!owned_) {
    return {};
  }
  // Never repeated: Linux has freed the descriptor even where it reports EINTR.
  if (descriptor_.valid() && ::close(descriptor_.release()) < 0 && errno != EINTR) {
    return fail(file_error(Intent::writing, "write", path_, errno));
  }
  return {};
}

}  // namespace atlink::posix
