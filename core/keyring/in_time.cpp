// SPDX-License-Identifier: Apache-2.0
#include "core/keyring/in_time.h"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <sys/eventfd.h>

namespace atlink::keyring {

namespace {

/// What the two threads share.
struct Shared {
  Work work;
  Object<GCancellable> cancellable{g_cancellable_new()};
  Status outcome = {};
  int done = ::eventfd(0, EFD_CLOEXEC);

  Shared() = default;
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  ~Shared() {
    if (done >= 0) {
      ::close(done);
    }
  }
};

void run(const std::shared_ptr<Shared>& shared) {
  try {
    shared->outcome = shared->work(shared->cancellable.get());
  } catch (const std::exception& exception) {
    shared->outcome = fail(ErrorCode::internal, exception.what());
  }
  const std::uint64_t one = 1;
  static_cast<void>(!::write(shared->done, &one, sizeof one));
}

}  // namespace

Status in_time(Work work, std::chrono::milliseconds patience, int interruption) {
  const auto shared = std::make_shared<Shared>();
  shared->work = std::move(work);
  if (shared->done < 0) {
    return fail(ErrorCode::internal, "the system has no descriptor left");
  }
  try {
    std::thread([shared] { run(shared); }).detach();
  } catch (const std::exception& exception) {
    return fail(ErrorCode::internal, exception.what());
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::array<pollfd, 2> watched{{{shared->done, POLLIN, 0}, {interruption, POLLIN, 0}}};
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const auto wait = std::max<std::int64_t>(left.count(), 0);
    const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(wait));
    if (watched[0].revents != 0) {
      // The eventfd orders what the other thread wrote before what is read here.
      std::uint64_t count = 0;
      static_cast<void>(!::read(shared->done, &count, sizeof count));
      return shared->outcome;
    }
    if (watched[1].revents != 0) {
      g_cancellable_cancel(shared->cancellable.get());
      return fail(ErrorCode::cancelled, "interrupted while the keyring was asked");
    }
    if (ready == 0) {
      g_cancellable_cancel(shared->cancellable.get());
      return fail(
          ErrorCode::store_timeout,
          fmt::format("the keyring did not answer within {} seconds",
                      std::chrono::duration_cast<std::chrono::seconds>(patience).count()),
          "see whether the keyring's service hangs (gnome-keyring-daemon, kwalletd, …) and "
          "start it again; or choose another store: atlink profile set NAME --store sealed");
    }
  }
}

}  // namespace atlink::keyring
