// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_transport.h"

#include "atlink/oauth1.h"
#include "atlink/text.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <array>

namespace atlink::tests {

namespace {

Result<std::optional<std::string>> read_body(BodySource* source) {
  if (source == nullptr) {
    return std::optional<std::string>();
  }
  std::string body;
  std::array<char, 1000> buffer{};
  while (true) {
    ATLINK_ASSIGN(const std::size_t count, source->read(buffer));
    if (count == 0) {
      return std::optional(body);
    }
    body.append(buffer.data(), count);
  }
}

}  // namespace

std::string SentRequest::header(std::string_view name) const {
  return std::string(headers.find(name).value_or(""));
}

std::optional<std::string> SentRequest::oauth(std::string_view name) const {
  const auto fields = oauth1::parse_authorization(header("Authorization"));
  if (!fields) {
    return std::nullopt;
  }
  const auto value = form_value(*fields, name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

PlannedExchange::PlannedExchange(std::string method, std::string url, bool prefix)
    : method_(std::move(method)), url_(std::move(url)), prefix_(prefix) {}

PlannedExchange& PlannedExchange::answers(int status, Headers headers, std::string body) {
  head_ = HttpResponseHead{status, std::move(headers)};
  body_ = std::move(body);
  return *this;
}

PlannedExchange& PlannedExchange::answers_from(int status,
                                               Headers headers,
                                               std::function<Status(BodySink&)> producer) {
  head_ = HttpResponseHead{status, std::move(headers)};
  producer_ = std::move(producer);
  return *this;
}

PlannedExchange& PlannedExchange::fails(ErrorCode code) {
  failure_ = code;
  return *this;
}

PlannedExchange& PlannedExchange::in_pieces_of(std::size_t bytes) {
  piece_ = bytes;
  return *this;
}

PlannedExchange& PlannedExchange::leaves_body() {
  leaves_body_ = true;
  return *this;
}

PlannedExchange& PlannedExchange::takes(std::chrono::milliseconds time) {
  time_ = time;
  return *this;
}

FakeTransport::~FakeTransport() {
  for (const PlannedExchange& plan : plans_) {
    ADD_FAIL_CHECK_AT(__FILE__, __LINE__, "never came: " << plan.method_ << " " << plan.url_);
  }
}

PlannedExchange& FakeTransport::expect(std::string method, std::string url) {
  return plans_.emplace_back(std::move(method), std::move(url), false);
}

PlannedExchange& FakeTransport::expect_prefix(std::string method, std::string url) {
  return plans_.emplace_back(std::move(method), std::move(url), true);
}

Result<PresentedChain> FakeTransport::look(const Url& url,
                                           const ConnectionOptions& connection,
                                           std::chrono::milliseconds /*deadline*/) {
  if (on_look) {
    return on_look(url, connection);
  }
  FAIL_CHECK("no look was expected at " << url.str());
  return fail(ErrorCode::network_other, "not planned");
}

Status FakeTransport::send(const Exchange& exchange) {
  const HttpRequest& request = exchange.request;
  const std::string& url = request.url.str();
  if (plans_.empty()) {
    ADD_FAIL_CHECK_AT(__FILE__, __LINE__, "unplanned: " << request.method << " " << url);
    return fail(ErrorCode::internal, "a request came that was not planned");
  }
  PlannedExchange plan = std::move(plans_.front());
  plans_.pop_front();
  CHECK(request.method == plan.method_);
  CHECK((plan.prefix_ ? url.substr(0, plan.url_.size()) : url) == plan.url_);

  SentRequest& seen = sent.emplace_back();
  seen.method = request.method;
  seen.url = url;
  seen.headers = request.headers;
  seen.connection = exchange.connection;
  seen.deadline = exchange.deadline;
  seen.idle_deadline = exchange.idle_deadline;
  if (!plan.leaves_body_) {
    ATLINK_ASSIGN(seen.body, read_body(request.body));
  }
  if (clock != nullptr) {
    clock->pass(plan.time_);
  }
  return play(plan, exchange.handler);
}

Status FakeTransport::play(PlannedExchange& plan, ResponseHandler& handler) {
  if (plan.head_) {
    ATLINK_CHECK(handler.head(*plan.head_));
    if (plan.producer_) {
      ATLINK_CHECK(plan.producer_(handler));
    }
    for (std::size_t at = 0; at < plan.body_.size(); at += plan.piece_) {
      ATLINK_CHECK(handler.write(std::string_view(plan.body_).substr(at, plan.piece_)));
    }
  }
  if (plan.failure_) {
    return fail(*plan.failure_, "the exchange was planned to fail");
  }
  REQUIRE_MESSAGE(plan.head_.has_value(), "an exchange was planned without an outcome");
  return {};
}

}  // namespace atlink::tests
