// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_client.h"

#include "atlink/text.h"

#include <array>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace atlink::tests {

RawClient::RawClient(std::uint16_t port, std::chrono::milliseconds patience)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), patience_(patience) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
}

RawClient::RawClient(RawClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      patience_(other.patience_),
      held_(std::move(other.held_)),
      ended_(other.ended_) {}

RawClient::~RawClient() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawClient::shut_down_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

bool RawClient::receive() {
  pollfd entry{descriptor_, POLLIN, 0};
  if (ended_ || ::poll(&entry, 1, static_cast<int>(patience_.count())) != 1) {
    return false;
  }
  std::array<char, 65536> buffer{};
  const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  ended_ = count <= 0;
  if (!ended_) {
    held_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return !ended_;
}

std::string RawClient::answer(bool head_only) {
  std::size_t head = held_.find("\r\n\r\n");
  while (head == std::string::npos && receive()) {
    head = held_.find("\r\n\r\n");
  }
  if (head == std::string::npos) {
    return std::exchange(held_, {});
  }
  const auto length = header_of(std::string_view(held_).substr(0, head + 4), "Content-Length");
  const bool no_body = head_only || status_of(held_) < 200 || status_of(held_) == 204;
  const std::size_t all =
      head + 4 + (no_body ? 0 : std::strtoull(length.value_or("0").c_str(), nullptr, 10));
  while (held_.size() < all && receive()) {
  }
  std::string whole = held_.substr(0, all);
  held_.erase(0, whole.size());
  return whole;
}

std::string RawClient::rest() {
  while (receive()) {
  }
  return std::exchange(held_, {});
}

bool RawClient::closed() {
  while (receive()) {
  }
  return ended_;
}

std::string ask_raw(std::uint16_t port, std::string_view request) {
  RawClient client(port);
  client.send(request);
  return client.rest();
}

int status_of(std::string_view answer) {
  const bool is_http = answer.substr(0, 9) == "HTTP/1.1 ";
  return is_http ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
}

std::optional<std::string> header_of(std::string_view answer, std::string_view name) {
  const std::size_t end = answer.find("\r\n\r\n");
  std::size_t line = answer.find("\r\n");
  while (line != std::string_view::npos && line < end) {
    line += 2;
    const std::size_t stop = answer.find("\r\n", line);
    const std::string_view field = answer.substr(line, stop - line);
    const std::size_t colon = field.find(':');
    if (colon != std::string_view::npos && equals_ignoring_case(field.substr(0, colon), name)) {
      return std::string(trim(field.substr(colon + 1)));
    }
    line = stop;
  }
  return std::nullopt;
}

std::string body_of(std::string_view answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  return head == std::string_view::npos ? std::string() : std::string(answer.substr(head + 4));
}

}  // namespace atlink::tests
