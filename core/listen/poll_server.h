// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"
#include "core/listen/connection.h"

#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <poll.h>
#include <vector>

namespace atlink::listen {

/// The one implementation of HttpServer: every socket under one poll, in the thread of `run`.
class PollServer final : public HttpServer {
 public:
  /// Binds 127.0.0.1 at `port` and listens. `interruption` is a descriptor that ends `run` with
  /// `cancelled` when it becomes readable; -1 for none. Fails with `listen_failed`.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> make(std::uint16_t port,
                                                                const HttpServerLimits& limits,
                                                                int interruption);

  PollServer(const PollServer&) = delete;
  PollServer& operator=(const PollServer&) = delete;
  PollServer(PollServer&&) = delete;
  PollServer& operator=(PollServer&&) = delete;
  ~PollServer() override;

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  Status run(Handler& handler) override;
  void stop() noexcept override;

 private:
  PollServer(const Poco::Net::ServerSocket& listener,
             int alarm,
             int interruption,
             const HttpServerLimits& limits);

  using Connections = std::list<Connection>;

  /// How a turn of the loop went.
  enum class Turn { again, stopped, interrupted };

  /// Until the handler is done (`again`), `stop` was called or the person interrupted.
  Turn serve(Handler& handler);
  /// Sends what is queued, for a bounded time.
  void finish(Handler& handler);
  /// One turn: waits for something to happen, at most 50 ms, and deals with it; new visitors and
  /// new requests only while `accepting`.
  Turn turn(Handler& handler, bool accepting);
  Turn wait(bool accepting, SteadyTime now);
  /// Answers at most `most` requests of each visitor.
  void serve_connections(Handler& handler, int most, SteadyTime now);
  void ask(Handler& handler, Connection& connection);
  void accept_visitors(SteadyTime now);
  bool accept_one(SteadyTime now);
  void displace_one();
  void bound_memory(SteadyTime now);
  [[nodiscard]] int timeout(SteadyTime now) const;

  Poco::Net::ServerSocket listener_;
  std::uint16_t port_;
  /// An eventfd: writing to it is all that `stop` does, so a signal handler may.
  int alarm_;
  int interruption_;
  HttpServerLimits limits_;
  Connections connections_;
  std::vector<pollfd> polled_;
  SteadyTime accepts_again_;
};

}  // namespace atlink::listen
