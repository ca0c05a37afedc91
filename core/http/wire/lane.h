// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "core/http/wire/call.h"
#include "core/http/wire/curl.h"
#include "core/http/wire/event_loop.h"
#include "core/http/wire/sockets.h"
#include "core/http/wire/way.h"

#include <array>
#include <string>
#include <string_view>

namespace atlink::wire {

/// One connection to one origin, made in one way, and what drives it; connects when it has to.
/// Used by one thread at a time.
class Lane {
 public:
  /// `share` (TLS sessions, looked-up names; may be null) must outlive the lane. Throws
  /// std::runtime_error or std::bad_alloc.
  Lane(const Url& url, Way way, CURLSH* share);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane() = default;

  [[nodiscard]] bool serves(const Way& way) const { return way == way_; }

  /// Whether nothing has come in since the last exchange; else the connection is at its end.
  [[nodiscard]] bool quiet() const { return !sockets_.readable(); }

  /// Whether a connection is kept.
  [[nodiscard]] bool connected() const { return sockets_.any(); }

  /// One exchange, as Transport::send has it. After a failure the lane is of no use any more.
  /// Throws std::runtime_error or std::bad_alloc.
  [[nodiscard]] Status send(const Exchange& exchange);

  /// Connects for `exchange`, verifies the certificate, and sends nothing. The lane is of no other
  /// use then. Throws as `send` does.
  [[nodiscard]] Status shake_hands(const Exchange& exchange);

  /// The same, trusting whatever is presented, which it gives as PEM.
  [[nodiscard]] Result<std::string> presented(const Exchange& exchange);

 private:
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);

  void apply_manners(bool https);
  void apply_limits(const Exchange& exchange);
  [[nodiscard]] Status verdict(const Exchange& exchange,
                               const Call& call,
                               LoopEnd how,
                               CURLcode code);

  Way way_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  Call* call_ = nullptr;
  // The order matters: the loop closes the connection when it goes, which comes back to `sockets_`.
  Sockets sockets_;
  EventLoop loop_;
  Easy easy_;
};

}  // namespace atlink::wire
