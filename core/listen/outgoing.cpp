// SPDX-License-Identifier: Apache-2.0
#include "core/listen/outgoing.h"

#include "atlink/text.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timestamp.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::listen {

namespace {

std::string reason(int status) {
  using Poco::Net::HTTPResponse;
  return HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(status));
}

// What belongs to the connection is written here and nowhere else.
bool is_framing(std::string_view name) {
  constexpr std::string_view names[] = {
      "Content-Length", "Connection", "Date", "Transfer-Encoding", "Keep-Alive"};
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view framing) {
    return equals_ignoring_case(framing, name);
  });
}

bool can_be_sent(const ServerResponse& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const auto& field) {
           return check_header(field.first, field.second).has_value();
         });
}

// RFC 9110 sections 8.6 and 15: these two never have a body, nor a length.
bool has_no_body(int status) {
  return status == 204 || status == 304;
}

std::string head_of(const ServerResponse& response, std::size_t body_bytes, bool keep_alive) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  for (const auto& [name, value] : response.headers) {
    if (!is_framing(name)) {
      head += fmt::format("{}: {}\r\n", name, value);
    }
  }
  if (!has_no_body(response.status)) {
    head += fmt::format("Content-Length: {}\r\n", response.claimed_length.value_or(body_bytes));
  }
  head += fmt::format(
      "Date: {}\r\nConnection: {}\r\n\r\n",
      Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT),
      keep_alive ? "keep-alive" : "close");
  return head;
}

}  // namespace

ServerResponse refusal(int status) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-store"}};
  response.body = fmt::format("{} {}\n", status, reason(status));
  return response;
}

Outgoing::Outgoing(ServerResponse response, const Framing& framing, SteadyTime now)
    : not_before_(now + response.delay), drip_pause_(response.drip_pause) {
  if (!can_be_sent(response)) {
    response = refusal(500);
  }
  closes_ = !framing.keep_alive || response.claimed_length || response.cut_after;
  bytes_ = head_of(response, response.body.size(), !closes_);
  released_ = bytes_.size();
  if (!framing.head_only && !has_no_body(response.status)) {
    const std::size_t most = response.cut_after.value_or(response.body.size());
    bytes_.append(response.body, 0, std::min(most, response.body.size()));
  }
  drip_bytes_ = response.drip_bytes;
  if (drip_bytes_ == 0) {
    released_ = bytes_.size();
  }
}

std::string_view Outgoing::ready(SteadyTime now) {
  if (now < not_before_ || complete()) {
    return {};
  }
  if (position_ == released_) {
    released_ = std::min(bytes_.size(), released_ + drip_bytes_);
  }
  return std::string_view(bytes_).substr(position_, released_ - position_);
}

void Outgoing::sent(std::size_t bytes, SteadyTime now) {
  position_ += bytes;
  if (position_ == released_ && !complete()) {
    not_before_ = now + drip_pause_;
  }
}

}  // namespace atlink::listen
