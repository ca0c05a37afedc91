// SPDX-License-Identifier: Apache-2.0
#include "core/http/retry.h"

#include "atlink/text.h"
#include "core/text/ascii.h"

#include <algorithm>
#include <array>

namespace atlink::http {

namespace {

using std::chrono::milliseconds;

/// A random part of `whole`, in 65536 steps.
Result<milliseconds> some_of(milliseconds whole, RandomSource& random) {
  std::array<unsigned char, 2> bytes{};
  ATLINK_CHECK(random.fill(bytes));
  const long long share = bytes[0] * 256 + bytes[1];
  return milliseconds(whole.count() * share / 65535);
}

milliseconds step(int repeat, const RetryPolicy& policy) {
  milliseconds pause = policy.first_pause;
  for (int i = 1; i < repeat && pause < policy.longest_pause; ++i) {
    pause *= 2;
  }
  return std::min(pause, policy.longest_pause);
}

}  // namespace

bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 5> methods{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool may_pass(ErrorCode code) {
  switch (code) {
    case ErrorCode::network_refused:
    case ErrorCode::network_timeout:
    case ErrorCode::network_lost:
    case ErrorCode::network_unreachable:
    case ErrorCode::network_answer_lost:
    case ErrorCode::answer_truncated:
      return true;
    default:
      return false;
  }
}

bool may_have_been_done(ErrorCode code) {
  switch (code) {
    case ErrorCode::network_timeout:
    case ErrorCode::network_lost:
    case ErrorCode::network_answer_lost:
    case ErrorCode::answer_truncated:
      return true;
    default:
      return false;
  }
}

std::optional<milliseconds> retry_after(const HttpResponseHead& head, TimePoint now) {
  const std::string_view value = trim(head.headers.find("Retry-After").value_or(""));
  if (const auto seconds = text::read_number(value, 1000000)) {
    return milliseconds(std::chrono::seconds(*seconds));
  }
  const auto when = from_http_date(value);
  if (!when) {
    return std::nullopt;
  }
  const TimePoint from = from_http_date(head.headers.find("Date").value_or("")).value_or(now);
  const auto wait = std::chrono::duration_cast<milliseconds>(*when - from);
  return std::max(wait, milliseconds(0));
}

Result<milliseconds> pause_before(int repeat,
                                  const RetryPolicy& policy,
                                  std::optional<milliseconds> asked,
                                  RandomSource& random) {
  const milliseconds own = step(repeat, policy);
  if (asked) {
    ATLINK_ASSIGN(const milliseconds more, some_of(own, random));
    return *asked + more;
  }
  ATLINK_ASSIGN(const milliseconds more, some_of(own / 2, random));
  return own - own / 2 + more;
}

}  // namespace atlink::http
