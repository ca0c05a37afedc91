// SPDX-License-Identifier: Apache-2.0
#include "core/listen/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <utility>

#include <sys/socket.h>

namespace atlink::listen {

namespace {

constexpr std::chrono::milliseconds longest_linger{1000};

/// One buffer for all connections: there is one thread.
std::array<char, std::size_t{64} << 10>& shared_buffer() {
  static thread_local std::array<char, std::size_t{64} << 10> buffer;
  return buffer;
}

}  // namespace

Connection::Connection(const Poco::Net::StreamSocket& socket,
                       const HttpServerLimits& limits,
                       SteadyTime now)
    : socket_(socket),
      descriptor_(socket_.impl()->sockfd()),
      limits_(limits),
      reader_(limits),
      since_(now) {
  socket_.setBlocking(false);
  socket_.setNoDelay(true);
  ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
}

// The calls themselves and not Poco's over them: its sendBytes throws where the buffer is full,
// which is no error here.
std::optional<std::size_t> Connection::settle(ssize_t count) {
  if (count >= 0) {
    return static_cast<std::size_t>(count);
  }
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    close();
  }
  return std::nullopt;
}

std::optional<std::size_t> Connection::receive(char* buffer, std::size_t size) {
  return settle(::recv(descriptor_, buffer, size, 0));
}

std::size_t Connection::send(std::string_view bytes) {
  return settle(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL)).value_or(0);
}

void Connection::close() {
  phase_ = Phase::closed;
  try {
    socket_.close();
  } catch (const std::exception&) {
    // It is closed as far as anybody here can tell.
    return;
  }
}

void Connection::enter(Phase phase, SteadyTime now) {
  phase_ = phase;
  since_ = now;
}

short Connection::interest(SteadyTime now) {
  switch (phase_) {
    case Phase::reading:
    case Phase::lingering:
      return POLLIN;
    case Phase::answering:
      return outgoing_->ready(now).empty() ? short{0} : short{POLLOUT};
    default:
      return 0;
  }
}

SteadyTime Connection::deadline() const {
  switch (phase_) {
    case Phase::reading:
      return since_ + (reader_.begun() ? limits_.request_deadline : limits_.idle_deadline);
    case Phase::answering:
      return std::max(since_, outgoing_->resumes()) + limits_.idle_deadline;
    default:
      return since_ + longest_linger;
  }
}

SteadyTime Connection::wakes(SteadyTime now) const {
  if (phase_ == Phase::asking) {
    return now;
  }
  const bool waits = phase_ == Phase::answering && now < outgoing_->resumes();
  return waits ? outgoing_->resumes() : deadline();
}

void Connection::look_at(RequestReader::Progress progress, SteadyTime now) {
  if (progress == RequestReader::Progress::complete) {
    enter(Phase::asking, now);
  } else if (progress == RequestReader::Progress::refused) {
    refuse(reader_.refusal(), now);
  } else if (reader_.take_continue()) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    if (send(go_on) != go_on.size()) {
      close();  // a visitor that cannot take 25 bytes
    }
  }
}

void Connection::read(SteadyTime now) {
  auto& buffer = shared_buffer();
  const auto count = receive(buffer.data(), buffer.size());
  if (!count) {
    return;
  }
  if (*count == 0) {
    close();
    return;
  }
  if (!reader_.begun()) {
    since_ = now;
  }
  look_at(reader_.feed({buffer.data(), *count}), now);
}

void Connection::drop_input() {
  auto& buffer = shared_buffer();
  const auto count = receive(buffer.data(), buffer.size());
  if (count && *count == 0) {
    close();
  }
}

void Connection::finish_answer(SteadyTime now) {
  const bool closes = outgoing_->closes();
  outgoing_.reset();
  if (!closes) {
    enter(Phase::reading, now);
    look_at(reader_.feed({}), now);  // a request that came together with the last one
    return;
  }
  try {
    socket_.shutdownSend();
    enter(Phase::lingering, now);
  } catch (const std::exception&) {
    close();
  }
}

void Connection::write(SteadyTime now) {
  while (phase_ == Phase::answering) {
    const std::string_view bytes = outgoing_->ready(now);
    if (bytes.empty()) {
      return;
    }
    const std::size_t count = send(bytes);
    if (phase_ == Phase::closed || count == 0) {
      return;
    }
    since_ = now;
    outgoing_->sent(count, now);
    if (outgoing_->complete()) {
      finish_answer(now);
    }
  }
}

void Connection::answer(ServerResponse response, bool head_only, bool last, SteadyTime now) {
  const Framing framing{head_only, reader_.keep_alive() && !last};
  outgoing_.emplace(std::move(response), framing, now);
  enter(Phase::answering, now);
  write(now);
}

void Connection::refuse(int status, SteadyTime now) {
  answer(refusal(status), false, true, now);
}

void Connection::keep_deadline(SteadyTime now) {
  if (phase_ == Phase::asking || phase_ == Phase::closed || now < deadline()) {
    return;
  }
  if (phase_ == Phase::reading && reader_.begun()) {
    refuse(408, now);
  } else {
    close();
  }
}

void Connection::advance(short events, SteadyTime now) {
  const bool broken = (events & (POLLERR | POLLHUP | POLLNVAL)) != 0;
  if (phase_ == Phase::answering && broken) {
    close();  // nobody is left to read it
  } else if (phase_ == Phase::answering) {
    write(now);
  } else if (phase_ == Phase::reading && events != 0) {
    read(now);
  } else if (phase_ == Phase::lingering && events != 0) {
    drop_input();
  }
  keep_deadline(now);
}

}  // namespace atlink::listen
