// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/wire/curl.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <poll.h>
#include <vector>

namespace atlink::wire {

/// Why the loop came back.
enum class LoopEnd { done, idle, interrupted };

/// Drives one transfer at a time on the calling thread: libcurl says which sockets and which timer
/// it waits for, one poll waits for them. The connection of the last transfer stays in it.
class EventLoop {
 public:
  using Milliseconds = std::chrono::milliseconds;

  /// What the loop asks while it runs.
  class Watcher {
   public:
    Watcher() = default;
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    virtual ~Watcher() = default;
    /// A sum that grows with every byte in either direction.
    [[nodiscard]] virtual std::uint64_t progress() = 0;
    /// Called after every round of events; true asks for the next round without waiting.
    [[nodiscard]] virtual bool after_events() = 0;
  };

  /// Throws std::bad_alloc.
  EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop() = default;

  /// Carries out `easy` and puts libcurl's verdict into `code`. Ends early with `idle` when
  /// `patience` (zero: none) passes without progress, and with `interrupted` when the person
  /// interrupts the program. Throws std::runtime_error where libcurl refuses to work.
  [[nodiscard]] LoopEnd run(CURL* easy, Milliseconds patience, Watcher& watcher, CURLcode& code);

 private:
  using Clock = std::chrono::steady_clock;

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long milliseconds, void* self);

  [[nodiscard]] LoopEnd loop(Milliseconds patience, Watcher& watcher);
  void wait(std::optional<Clock::time_point> limit);
  void act();

  [[nodiscard]] bool waits_for_nothing() const { return waiting_.size() == 1; }

  void nudge();
  void act_on(curl_socket_t socket, int events);
  void watch(curl_socket_t socket, int what);

  Multi multi_;
  /// The sockets that libcurl waits for; the first place is the person's interruption.
  std::vector<pollfd> waiting_;
  std::vector<pollfd> ready_;
  std::optional<Clock::time_point> timer_;
  int running_ = 0;
};

}  // namespace atlink::wire
