// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/sockets.h"

#include <algorithm>
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>

namespace atlink::wire {

curl_socket_t Sockets::open(const curl_sockaddr& address) {
  open_.reserve(open_.size() + 1);
  const int socket = ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  if (socket < 0) {
    return CURL_SOCKET_BAD;
  }
  open_.push_back(socket);
  return socket;
}

int Sockets::close(curl_socket_t socket) {
  open_.erase(std::remove(open_.begin(), open_.end(), socket), open_.end());
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  closed_connected_ = ::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
  return ::close(socket);
}

bool Sockets::readable() const {
  return std::any_of(open_.begin(), open_.end(), [](curl_socket_t socket) {
    pollfd look{socket, POLLIN, 0};
    return ::poll(&look, 1, 0) > 0;
  });
}

}  // namespace atlink::wire
