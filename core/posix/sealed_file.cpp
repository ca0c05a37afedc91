// SPDX-License-Identifier: Apache-2.0
#include "core/posix/sealed_file.h"

#include <fcntl.h>

#include <sys/mman.h>

namespace atlink::posix {

namespace {

constexpr unsigned usual = MFD_CLOEXEC | MFD_ALLOW_SEALING;
// Of Linux 6.3, which wants to be told that code may be loaded from it; older ones refuse the flag.
constexpr unsigned executable = 0x0010U;
constexpr int every_seal = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

Descriptor empty_file() {
  Descriptor made(::memfd_create("atlink", usual | executable));
  return made.valid() || errno != EINVAL ? std::move(made)
                                         : Descriptor(::memfd_create("atlink", usual));
}

bool put(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = retrying([&] { return ::write(descriptor, bytes.data(), bytes.size()); });
    if (put < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return ::lseek(descriptor, 0, SEEK_SET) == 0;
}

}  // namespace

Descriptor sealed_file(std::string_view bytes) {
  Descriptor file = empty_file();
  if (!file.valid() || !put(file.get(), bytes) ||
      ::fcntl(file.get(), F_ADD_SEALS, every_seal) < 0) {
    return {};
  }
  return file;
}

}  // namespace atlink::posix
