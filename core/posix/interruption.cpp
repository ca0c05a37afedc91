// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <unistd.h>

#include <sys/eventfd.h>

namespace atlink {

namespace {

static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler can use lock-free atomics only");

std::atomic<int> descriptor{-1};
std::atomic<bool> interrupted{false};

void signal_to(int number) noexcept {
  const std::uint64_t one = 1;
  // Fails only where the counter is full, and then it is readable already.
  if (::write(number, &one, sizeof one) < 0) {
    return;
  }
}

}  // namespace

void interrupt_waiting() noexcept {
  const int before = errno;
  interrupted.store(true);
  if (const int number = descriptor.load(); number >= 0) {
    signal_to(number);
  }
  errno = before;
}

int interruption_descriptor() noexcept {
  if (const int number = descriptor.load(); number >= 0) {
    return number;
  }
  const int made = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int expected = -1;
  if (made >= 0 && !descriptor.compare_exchange_strong(expected, made)) {
    ::close(made);
    return expected;
  }
  // The signal may have come before there was anything to make readable.
  if (made >= 0 && interrupted.load()) {
    signal_to(made);
  }
  return made;
}

}  // namespace atlink
