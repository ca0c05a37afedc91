// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/listen/outgoing.h"
#include "core/listen/request_reader.h"

#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <cstddef>
#include <optional>

#include <sys/types.h>

namespace atlink::listen {

/// One visitor. Never blocks and never throws; what goes wrong with the socket closes it.
class Connection {
 public:
  /// Takes over a connected socket.
  Connection(const Poco::Net::StreamSocket& socket, const HttpServerLimits& limits, SteadyTime now);

  enum class Phase {
    /// Waits for a request, or for the rest of one.
    reading,
    /// A request is there and has to be answered by `answer`.
    asking,
    /// An answer is on its way.
    answering,
    /// All is sent; what still comes is dropped until the visitor closes, since closing first
    /// could destroy the end of the answer (RFC 9112 section 9.6).
    lingering,
    closed,
  };

  [[nodiscard]] Phase phase() const { return phase_; }

  /// Since when it is in this phase or, while answering, last got a byte through.
  [[nodiscard]] SteadyTime since() const { return since_; }

  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// What to poll for: POLLIN, POLLOUT or nothing.
  [[nodiscard]] short interest(SteadyTime now);

  /// When `advance` has something to do even if nothing happens on the socket.
  [[nodiscard]] SteadyTime wakes(SteadyTime now) const;

  /// Does what can be done: reads, writes, keeps the deadlines. `events` are poll's, 0 for none.
  void advance(short events, SteadyTime now);

  /// The request to answer; only in phase `asking`.
  [[nodiscard]] ServerRequest take_request() { return reader_.take(); }

  /// Answers it. `last`: the connection is closed afterwards.
  void answer(ServerResponse response, bool head_only, bool last, SteadyTime now);

  /// Refuses whatever is being read and closes.
  void refuse(int status, SteadyTime now);

  /// Closes at once.
  void close();

  /// Bytes of requests that it keeps in memory.
  [[nodiscard]] std::size_t held() const { return reader_.held(); }

 private:
  void enter(Phase phase, SteadyTime now);
  void look_at(RequestReader::Progress progress, SteadyTime now);
  void read(SteadyTime now);
  void write(SteadyTime now);
  void drop_input();
  void finish_answer(SteadyTime now);
  [[nodiscard]] SteadyTime deadline() const;
  void keep_deadline(SteadyTime now);
  /// Bytes received into `buffer`; 0 at the end, none if there is nothing yet. Closes on errors.
  std::optional<std::size_t> receive(char* buffer, std::size_t size);
  std::size_t send(std::string_view bytes);
  /// What a call on the socket gave; none for "not now". Closes on errors.
  std::optional<std::size_t> settle(ssize_t count);

  Poco::Net::StreamSocket socket_;
  int descriptor_;
  HttpServerLimits limits_;
  RequestReader reader_;
  std::optional<Outgoing> outgoing_;
  Phase phase_ = Phase::reading;
  SteadyTime since_;
};

}  // namespace atlink::listen
