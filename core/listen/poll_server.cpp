// SPDX-License-Identifier: Apache-2.0
#include "core/listen/poll_server.h"

#include "atlink/text.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <system_error>
#include <tuple>
#include <unistd.h>
#include <utility>

#include <sys/eventfd.h>

namespace atlink::listen {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_turn{50};
constexpr milliseconds longest_finish{5000};
constexpr int visitors_a_turn = 64;
constexpr int requests_a_turn = 16;
/// Where the listening socket stands in what is polled; the visitors follow.
constexpr std::size_t listener_entry = 2;

SteadyTime steady_now() {
  return std::chrono::steady_clock::now();
}

bool is_shortage(int code) {
  return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

ServerResponse ask_safely(HttpServer::Handler& handler, const ServerRequest& request) {
  try {
    return handler.handle(request);
  } catch (const std::exception&) {
    return refusal(500);  // out of memory, for one
  }
}

tl::unexpected<Error> cannot_listen(std::uint16_t port, const std::string& reason) {
  std::string next = port == 0 ? "allow this program to open a socket on 127.0.0.1"
                               : "end the program that uses the port, choose another port, or let "
                                 "a free one be chosen";
  return fail(ErrorCode::listen_failed,
              port == 0 ? fmt::format("cannot listen on 127.0.0.1: {}", printable(reason))
                        : fmt::format("cannot listen on 127.0.0.1:{}: {}", port, printable(reason)),
              std::move(next));
}

/// The system's words, where it was the system that refused; Poco's begin with a name of its own.
std::string reason_of(const Poco::Exception& exception) {
  return exception.code() != 0 ? std::generic_category().message(exception.code())
                               : exception.message();
}

Poco::Net::ServerSocket bind_loopback(std::uint16_t port) {
  Poco::Net::ServerSocket listener;
  // Never SO_REUSEPORT: with it two programs of one user would share the port.
  listener.bind(Poco::Net::SocketAddress("127.0.0.1", port), true, false);
  listener.listen(128);
  listener.setBlocking(false);
  ::fcntl(listener.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
  return listener;
}

}  // namespace

Result<std::unique_ptr<HttpServer>> PollServer::make(std::uint16_t port,
                                                     const HttpServerLimits& limits,
                                                     int interruption) {
  try {
    Poco::Net::ServerSocket listener = bind_loopback(port);
    const int alarm = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (alarm < 0) {
      return cannot_listen(port, "no event descriptor is left");
    }
    return std::unique_ptr<HttpServer>(new PollServer(listener, alarm, interruption, limits));
  } catch (const Poco::Exception& exception) {
    return cannot_listen(port, reason_of(exception));
  } catch (const std::exception& exception) {
    return cannot_listen(port, exception.what());
  }
}

PollServer::PollServer(const Poco::Net::ServerSocket& listener,
                       int alarm,
                       int interruption,
                       const HttpServerLimits& limits)
    : listener_(listener),
      port_(listener_.address().port()),
      alarm_(alarm),
      interruption_(interruption),
      limits_(limits),
      accepts_again_(steady_now()) {
  limits_.connections = std::max<std::size_t>(limits_.connections, 1);
}

PollServer::~PollServer() {
  ::close(alarm_);
}

void PollServer::stop() noexcept {
  const int saved = errno;
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then it has been rung already.
  [[maybe_unused]] const auto written = ::write(alarm_, &one, sizeof one);
  errno = saved;
}

Status PollServer::run(Handler& handler) {
  try {
    const Turn end = serve(handler);
    if (end == Turn::again) {
      finish(handler);
    }
    connections_.clear();
    return end == Turn::interrupted
               ? Status(fail(
                     ErrorCode::cancelled, "interrupted while listening", "run the command again"))
               : Status();
  } catch (const std::exception& exception) {
    connections_.clear();
    return fail(ErrorCode::internal,
                fmt::format("the loopback server failed: {}", printable(exception.what())));
  }
}

PollServer::Turn PollServer::serve(Handler& handler) {
  Turn last = Turn::again;
  while (last == Turn::again && !handler.done()) {
    last = turn(handler, true);
  }
  return last;
}

void PollServer::finish(Handler& handler) {
  const auto drop_the_unanswered = [this] {
    connections_.remove_if([](const Connection& visitor) {
      return visitor.phase() == Connection::Phase::reading ||
             visitor.phase() == Connection::Phase::asking;
    });
  };
  const SteadyTime end = steady_now() + longest_finish;
  drop_the_unanswered();
  while (!connections_.empty() && steady_now() < end && turn(handler, false) == Turn::again) {
    drop_the_unanswered();
  }
}

int PollServer::timeout(SteadyTime now) const {
  SteadyTime next = now + longest_turn;
  for (const Connection& visitor : connections_) {
    next = std::min(next, visitor.wakes(now));
  }
  // Rounded up, lest the last millisecond before a deadline be spent spinning.
  const auto left = std::chrono::ceil<milliseconds>(next - now).count();
  return static_cast<int>(std::max<decltype(left)>(left, 0));
}

PollServer::Turn PollServer::wait(bool accepting, SteadyTime now) {
  polled_.clear();
  polled_.push_back({alarm_, POLLIN, 0});
  polled_.push_back({interruption_, POLLIN, 0});
  const bool listening = accepting && now >= accepts_again_;
  polled_.push_back({listening ? listener_.impl()->sockfd() : -1, POLLIN, 0});
  for (Connection& visitor : connections_) {
    polled_.push_back({visitor.descriptor(), visitor.interest(now), 0});
  }
  const int count = ::poll(polled_.data(), polled_.size(), timeout(now));
  if (count < 0) {
    for (pollfd& entry : polled_) {
      entry.revents = 0;  // interrupted by a signal: deadlines still count
    }
  }
  std::uint64_t rung = 0;
  if (polled_[0].revents != 0 && ::read(alarm_, &rung, sizeof rung) > 0) {
    return Turn::stopped;
  }
  return polled_[1].revents != 0 ? Turn::interrupted : Turn::again;
}

PollServer::Turn PollServer::turn(Handler& handler, bool accepting) {
  if (const Turn outcome = wait(accepting, steady_now()); outcome != Turn::again) {
    return outcome;
  }
  const SteadyTime now = steady_now();
  // Who is here is heard before newcomers may take his place.
  serve_connections(handler, accepting ? requests_a_turn : 0, now);
  if (polled_[listener_entry].revents != 0) {
    accept_visitors(now);
  }
  bound_memory(now);
  return Turn::again;
}

void PollServer::serve_connections(Handler& handler, int most, SteadyTime now) {
  std::size_t i = listener_entry + 1;
  for (Connection& visitor : connections_) {
    visitor.advance(polled_[i++].revents, now);
    for (int n = 0; n < most && visitor.phase() == Connection::Phase::asking; ++n) {
      ask(handler, visitor);
    }
  }
  connections_.remove_if(
      [](const Connection& visitor) { return visitor.phase() == Connection::Phase::closed; });
}

void PollServer::ask(Handler& handler, Connection& connection) {
  const ServerRequest request = connection.take_request();
  ServerResponse response = ask_safely(handler, request);
  connection.answer(std::move(response), request.method == "HEAD", handler.done(), steady_now());
}

bool PollServer::accept_one(SteadyTime now) {
  try {
    if (!listener_.poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ)) {
      return false;
    }
    const Poco::Net::StreamSocket socket = listener_.acceptConnection();
    if (connections_.size() >= limits_.connections) {
      displace_one();
    }
    connections_.emplace_back(socket, limits_, now);
    return true;
  } catch (const Poco::Exception& exception) {
    if (is_shortage(exception.code())) {
      // The oldest makes room; asking again at once would only spin.
      displace_one();
      accepts_again_ = now + longest_turn;
    }
    return false;  // else the visitor is gone again
  }
}

void PollServer::accept_visitors(SteadyTime now) {
  for (int n = 0; n < visitors_a_turn && accept_one(now); ++n) {
  }
}

void PollServer::displace_one() {
  // First who has been answered, then who has not said what he wants for longest, and only then
  // who has not read his answer for longest.
  const auto rank = [](const Connection& visitor) {
    const auto phase = visitor.phase();
    const int order = phase == Connection::Phase::lingering ? 0
                      : phase == Connection::Phase::reading ? 1
                                                            : 2;
    return std::make_tuple(order, visitor.since());
  };
  const auto oldest = std::min_element(
      connections_.begin(), connections_.end(), [&](const Connection& a, const Connection& b) {
        return rank(a) < rank(b);
      });
  if (oldest != connections_.end()) {
    connections_.erase(oldest);
  }
}

// Many visitors, each below the limit of one request, must not fill the memory together.
void PollServer::bound_memory(SteadyTime now) {
  const std::size_t most = 2 * (limits_.body_bytes + limits_.head_bytes);
  std::size_t total = 0;
  for (Connection& visitor : connections_) {
    total += visitor.held();
    if (total > most && visitor.phase() == Connection::Phase::reading) {
      total -= visitor.held();
      visitor.refuse(503, now);
    }
  }
}

}  // namespace atlink::listen
