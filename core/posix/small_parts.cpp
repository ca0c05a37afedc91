// SPDX-License-Identifier: Apache-2.0
#include "core/posix/small_parts.h"

#include "core/posix/descriptor.h"
#include "core/posix/system_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <poll.h>
#include <string_view>
#include <unistd.h>

#include <sys/random.h>

namespace atlink::posix {

using std::chrono::milliseconds;

std::chrono::system_clock::time_point PosixClock::now() {
  return std::chrono::system_clock::now();
}

std::chrono::steady_clock::time_point PosixClock::steady() {
  return std::chrono::steady_clock::now();
}

Status PosixClock::sleep(milliseconds duration) {
  const auto end = steady() + duration;
  pollfd interruption{interruption_descriptor(), POLLIN, 0};
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady());
    const auto wait = std::clamp(left, milliseconds{0}, milliseconds{1'000'000});
    if (::poll(&interruption, 1, static_cast<int>(wait.count())) > 0) {
      return fail(ErrorCode::cancelled, "interrupted while waiting");
    }
    if (left <= milliseconds{0}) {
      return {};
    }
  }
}

Status PosixRandom::fill(std::span<unsigned char> out) {
  while (!out.empty()) {
    const ssize_t got = retrying([&] { return ::getrandom(out.data(), out.size(), 0); });
    if (got < 0) {
      return fail(ErrorCode::internal,
                  fmt::format("the system gives no random bytes: {}", reason_of(errno)));
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

std::optional<std::string> PosixEnvironment::get(const std::string& name) const {
  // Nothing here ever changes the environment, so that reading it is safe among threads.
  // NOLINTNEXTLINE(concurrency-mt-unsafe): see above
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) {
    return std::nullopt;
  }
  return std::string(value);
}

std::vector<std::string> PosixEnvironment::names() const {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t end = text.find('=');
    if (end != std::string_view::npos && end != 0) {
      names.emplace_back(text.substr(0, end));
    }
  }
  return names;
}

}  // namespace atlink::posix
