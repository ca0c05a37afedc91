// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::tests {

/// A bare connection to 127.0.0.1, for tests that decide every byte. Each wait is bounded by
/// `patience`; nothing throws.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port,
                     std::chrono::milliseconds patience = std::chrono::milliseconds(10000));
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient();

  [[nodiscard]] bool connected() const { return descriptor_ >= 0; }

  /// Sends all of it, or says false once the other side has closed.
  bool send(std::string_view bytes);

  /// Says that nothing more will be sent.
  void shut_down_sending();

  /// One answer: its head and as much body as its Content-Length says, or up to the end of the
  /// connection. What came in all if the connection ended or patience did. After a 100 (Continue)
  /// only that.
  [[nodiscard]] std::string answer(bool head_only = false);

  /// Everything until the other side closes.
  [[nodiscard]] std::string rest();

  /// Whether the other side has closed; waits for it.
  [[nodiscard]] bool closed();

 private:
  /// Adds what there is to `held_`; false at the end or when patience ends.
  bool receive();

  int descriptor_;
  std::chrono::milliseconds patience_;
  std::string held_;
  bool ended_ = false;
};

/// Sends `request` on a connection of its own and gives what comes until the server closes.
[[nodiscard]] std::string ask_raw(std::uint16_t port, std::string_view request);

/// The number in the status line, 0 if there is none.
[[nodiscard]] int status_of(std::string_view answer);

/// A header's value in an answer; name compared without case.
[[nodiscard]] std::optional<std::string> header_of(std::string_view answer, std::string_view name);

/// What follows the empty line.
[[nodiscard]] std::string body_of(std::string_view answer);

}  // namespace atlink::tests
