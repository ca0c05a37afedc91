// SPDX-License-Identifier: Apache-2.0
#include "core/posix/signal_watch.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>

namespace atlink::posix {

namespace {

std::atomic<int> told{-1};

void tell(int number) {
  const int before = errno;
  const auto byte = static_cast<unsigned char>(number);
  // Fails only where the pipe is full, and then it is readable already.
  if (::write(told.load(), &byte, 1) < 0) {
    errno = before;
  }
  errno = before;
}

}  // namespace

SignalWatch::SignalWatch() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) < 0) {
    return;
  }
  reading_ = Descriptor(ends[0]);
  writing_ = Descriptor(ends[1]);
  told.store(writing_.get());

  struct sigaction action {};

  action.sa_handler = tell;
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) {
      ::sigaction(signals[i], &action, nullptr);
    }
  }
}

SignalWatch::~SignalWatch() {
  if (!reading_.valid()) {
    return;
  }
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], &before_[i], nullptr);
  }
  told.store(-1);
}

int SignalWatch::take() {
  unsigned char byte = 0;
  return retrying([&] { return ::read(reading_.get(), &byte, 1); }) == 1 ? byte : 0;
}

}  // namespace atlink::posix
