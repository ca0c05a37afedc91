// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/http_message.h"
#include "atlink/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace atlink {

/// A request as a loopback server got it, whole.
struct ServerRequest {
  std::string method;
  /// Path and query as in the request line.
  std::string target;
  Headers headers;
  std::string body;
};

/// What it answers. Content-Length, Connection and Date are added.
struct ServerResponse {
  int status = 200;
  Headers headers;
  std::string body;

  // Misbehaviour on purpose, for stand-in servers.
  /// Waits before the first byte; other connections go on.
  std::chrono::milliseconds delay{0};
  /// Claims this length instead of the body's.
  std::optional<std::uint64_t> claimed_length;
  /// Closes the connection after that many bytes of the body.
  std::optional<std::size_t> cut_after;
  /// Sends the body in pieces of `drip_bytes` with `drip_pause` between.
  std::size_t drip_bytes = 0;
  std::chrono::milliseconds drip_pause{0};
};

/// An HTTP/1.1 server on 127.0.0.1 for a stand-in site or a callback page: one thread, one poll
/// loop, a total deadline per request being read, a bound on connections and sizes, so that slow or
/// silent visitors starve nobody.
class ATLINK_API HttpServer {
 public:
  HttpServer() = default;
  virtual ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] virtual std::uint16_t port() const = 0;

  /// Answers requests, one after the other.
  class Handler {
   public:
    Handler() = default;
    virtual ~Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;
    [[nodiscard]] virtual ServerResponse handle(const ServerRequest& request) = 0;
    /// Asked after every answer and every 50 ms: true ends `run` once what was queued is sent.
    [[nodiscard]] virtual bool done() = 0;
  };

  /// Serves until the handler is done or `stop` is called. Fails with `cancelled` when the person
  /// interrupts (see `interrupt_waiting`).
  virtual Status run(Handler& handler) = 0;

  /// Ends `run`, from a signal handler or another thread.
  virtual void stop() noexcept = 0;
};

/// What a visitor may ask of the server; beyond it the connection is refused or closed.
struct HttpServerLimits {
  std::size_t connections = 256;
  std::size_t head_bytes = std::size_t{64} << 10;
  std::size_t body_bytes = std::size_t{64} << 20;
  /// From the first byte of a request to its last.
  std::chrono::milliseconds request_deadline{10000};
  /// Without a request.
  std::chrono::milliseconds idle_deadline{60000};
};

/// Binds 127.0.0.1 at `port` (0: any free one). Loads the `listen` module. Fails with
/// `listen_failed` or `module_missing`.
[[nodiscard]] ATLINK_API Result<std::unique_ptr<HttpServer>> make_http_server(
    std::uint16_t port, const HttpServerLimits& limits = {});

}  // namespace atlink
