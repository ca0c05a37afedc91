// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/wire/curl.h"

#include <vector>

namespace atlink::wire {

/// The sockets of one lane, opened here so that child processes never inherit them and the idle
/// one can be looked at.
class Sockets {
 public:
  Sockets() = default;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  ~Sockets() = default;

  /// CURL_SOCKET_BAD with errno set where the system refuses. Throws std::bad_alloc.
  [[nodiscard]] curl_socket_t open(const curl_sockaddr& address);
  int close(curl_socket_t socket);

  /// Whether the last socket that was closed had been connected.
  [[nodiscard]] bool closed_connected() const { return closed_connected_; }

  [[nodiscard]] bool any() const { return !open_.empty(); }

  /// Whether something waits to be read on a socket: on an idle one that is the end of the
  /// connection, or bytes that nobody asked for.
  [[nodiscard]] bool readable() const;

 private:
  std::vector<curl_socket_t> open_;
  bool closed_connected_ = false;
};

}  // namespace atlink::wire
