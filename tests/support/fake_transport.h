// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/platform.h"

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::tests {

/// What a transport was asked to send, kept for a test to look at.
struct SentRequest {
  std::string method;
  std::string url;
  Headers headers;
  /// None where the request had no body.
  std::optional<std::string> body;
  ConnectionOptions connection;
  std::chrono::milliseconds deadline{0};
  std::chrono::milliseconds idle_deadline{0};

  /// The value of a header, or "" where there is none.
  [[nodiscard]] std::string header(std::string_view name) const;

  /// A decoded OAuth parameter of the Authorization header; none where there is none.
  [[nodiscard]] std::optional<std::string> oauth(std::string_view name) const;
};

/// One planned exchange.
class PlannedExchange {
 public:
  PlannedExchange(std::string method, std::string url, bool prefix);

  /// The answer; the body reaches the handler in pieces of `piece` bytes.
  PlannedExchange& answers(int status, Headers headers = {}, std::string body = {});

  /// Like `answers`, with a body made as it goes.
  PlannedExchange& answers_from(int status,
                                Headers headers,
                                std::function<Status(BodySink&)> producer);

  /// After the head and body, if any were planned, the exchange fails so.
  PlannedExchange& fails(ErrorCode code);

  PlannedExchange& in_pieces_of(std::size_t bytes);

  /// The server answers without having read the body.
  PlannedExchange& leaves_body();

  /// The time that the exchange takes on a FakeClock; see FakeTransport::clock.
  PlannedExchange& takes(std::chrono::milliseconds time);

 private:
  friend class FakeTransport;
  std::string method_;
  std::string url_;
  bool prefix_;
  std::optional<HttpResponseHead> head_;
  std::string body_;
  std::function<Status(BodySink&)> producer_;
  std::optional<ErrorCode> failure_;
  std::size_t piece_ = 1 << 14;
  bool leaves_body_ = false;
  std::chrono::milliseconds time_{0};
};

class FakeClock;

/// Plays planned exchanges in their order. Strict both ways: a request that was not planned fails
/// the test, and so does a planned one that has not come when the transport goes.
class FakeTransport final : public Transport {
 public:
  FakeTransport() = default;
  FakeTransport(const FakeTransport&) = delete;
  FakeTransport& operator=(const FakeTransport&) = delete;
  ~FakeTransport() override;

  /// The next request has to be this one, to exactly that URL.
  PlannedExchange& expect(std::string method, std::string url);

  /// The next request has to be of this method and its URL has to begin so.
  PlannedExchange& expect_prefix(std::string method, std::string url);

  Status send(const Exchange& exchange) override;

  [[nodiscard]] Result<PresentedChain> look(const Url& url,
                                            const ConnectionOptions& connection,
                                            std::chrono::milliseconds deadline) override;

  /// What a server presents; a look that was not planned fails the test.
  std::function<Result<PresentedChain>(const Url& url, const ConnectionOptions& connection)>
      on_look;

  /// Everything that was sent, in order.
  std::vector<SentRequest> sent;

  /// Moved on by exchanges that take time, if set.
  FakeClock* clock = nullptr;

 private:
  Status play(PlannedExchange& plan, ResponseHandler& handler);

  std::deque<PlannedExchange> plans_;
};

}  // namespace atlink::tests
