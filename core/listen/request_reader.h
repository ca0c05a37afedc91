// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"
#include "core/listen/chunked_body.h"
#include "core/listen/request_head.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::listen {

/// Makes requests out of the bytes of one connection. What comes after a complete request stays for
/// the next one.
class RequestReader {
 public:
  explicit RequestReader(const HttpServerLimits& limits) : limits_(limits) {}

  enum class Progress {
    /// More bytes are needed.
    waiting,
    /// `take` gives a request.
    complete,
    /// The bytes are no request that can be served: answer `refusal` and close.
    refused,
  };

  /// Looks at further bytes; empty ones to go on with what is held.
  [[nodiscard]] Progress feed(std::string_view bytes);

  /// The request that is complete. Its keep-alive wish stays to be asked until the next `feed`.
  [[nodiscard]] ServerRequest take();

  /// Whether the request that was read last allows another one on this connection.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }

  /// The status that says what is wrong.
  [[nodiscard]] int refusal() const { return refusal_; }

  /// Whether bytes of a request that is not complete are there.
  [[nodiscard]] bool begun() const { return !input_.empty() || head_.has_value(); }

  /// True once for a request whose sender waits for "100 Continue".
  [[nodiscard]] bool take_continue();

  /// Bytes that this reader keeps in memory.
  [[nodiscard]] std::size_t held() const;

 private:
  Progress refuse(int status);
  Progress read_head();
  Progress read_body();
  /// Looks at bytes of the head not seen before; true at its end.
  bool scan_head();

  HttpServerLimits limits_;
  std::string input_;
  std::size_t scanned_ = 0;
  std::size_t line_begin_ = 0;
  std::optional<RequestHead> head_;
  std::optional<ChunkedBody> chunks_;
  bool keep_alive_ = true;
  int refusal_ = 0;
};

}  // namespace atlink::listen
