// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <unistd.h>

#include <sys/eventfd.h>

namespace atlink {

namespace {

/// A descriptor and the process that made it, in one word: a child made by fork shares what is
/// behind the descriptor, and neither may interrupt the other.
class Owned {
 public:
  constexpr Owned() = default;

  explicit Owned(int descriptor)
      : word_((static_cast<std::uint64_t>(static_cast<std::uint32_t>(::getpid())) << 32U) |
              static_cast<std::uint32_t>(descriptor)) {}

  explicit Owned(std::uint64_t word) : word_(word) {}

  [[nodiscard]] std::uint64_t word() const { return word_; }

  /// The descriptor if it is this process's, else -1.
  [[nodiscard]] int descriptor() const {
    const bool ours = word_ >> 32U == static_cast<std::uint32_t>(::getpid());
    return ours ? static_cast<int>(word_ & 0xFFFFFFFFU) : -1;
  }

 private:
  std::uint64_t word_ = 0;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic<bool>::is_always_lock_free,
              "a signal handler can use lock-free atomics only");

std::atomic<std::uint64_t> current{0};
std::atomic<bool> interrupted{false};

void signal_to(int descriptor) noexcept {
  const std::uint64_t one = 1;
  // Fails only where the counter is full, and then it is readable already.
  if (::write(descriptor, &one, sizeof one) < 0) {
    return;
  }
}

}  // namespace

void interrupt_waiting() noexcept {
  const int before = errno;
  interrupted.store(true);
  if (const int descriptor = Owned(current.load()).descriptor(); descriptor >= 0) {
    signal_to(descriptor);
  }
  errno = before;
}

int interruption_descriptor() noexcept {
  std::uint64_t seen = current.load();
  if (const int descriptor = Owned(seen).descriptor(); descriptor >= 0) {
    return descriptor;
  }
  const int made = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (made < 0) {
    return made;
  }
  if (!current.compare_exchange_strong(seen, Owned(made).word())) {
    ::close(made);
    return Owned(seen).descriptor();
  }
  // The signal may have come before there was anything to make readable.
  if (interrupted.load()) {
    signal_to(made);
  }
  return made;
}

}  // namespace atlink
