// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace atlink::listen {

using SteadyTime = std::chrono::steady_clock::time_point;

/// How an answer is framed.
struct Framing {
  /// An answer to HEAD: the body is counted but not sent.
  bool head_only = false;
  /// Whether the connection stays open afterwards, as far as the request goes.
  bool keep_alive = true;
};

/// The bytes of one answer and the moments at which they may go out.
class Outgoing {
 public:
  /// Begins at `now`. A status outside 200 to 599 and a header that cannot be sent make it a 500.
  Outgoing(ServerResponse response, const Framing& framing, SteadyTime now);

  /// What may be sent at `now`; empty while it has to wait, and when all is sent.
  [[nodiscard]] std::string_view ready(SteadyTime now);

  /// Tells that the first `bytes` of what was ready are sent.
  void sent(std::size_t bytes, SteadyTime now);

  /// From when on the next bytes may go out.
  [[nodiscard]] SteadyTime resumes() const { return not_before_; }

  [[nodiscard]] bool complete() const { return position_ == bytes_.size(); }

  /// Whether the connection has to be closed afterwards.
  [[nodiscard]] bool closes() const { return closes_; }

 private:
  std::string bytes_;
  std::size_t position_ = 0;
  /// Up to here it may be sent from `not_before_` on.
  std::size_t released_ = 0;
  SteadyTime not_before_;
  std::size_t drip_bytes_ = 0;
  std::chrono::milliseconds drip_pause_{0};
  bool closes_ = false;
};

/// The server's own answer to what it cannot serve: a short plain text without anything of the
/// request.
[[nodiscard]] ServerResponse refusal(int status);

}  // namespace atlink::listen
