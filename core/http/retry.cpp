// SPDX-License-Identifier: Apache-2.0
#include "core/http/retry.h"

#include "atlink/text.h"
#include "core/text/ascii.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

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

/// From the answer's own Date, or else `now`, until `when`. Never negative.
milliseconds until(TimePoint when, const HttpResponseHead& head, TimePoint now) {
  const TimePoint from = from_http_date(head.headers.find("Date").value_or("")).value_or(now);
  return std::max(std::chrono::duration_cast<milliseconds>(when - from), milliseconds(0));
}

/// Seconds since 1970, up to the year 9999.
std::optional<TimePoint> from_epoch(std::string_view digits) {
  std::int64_t seconds = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, seconds);
  const bool fits = read.ec == std::errc() && read.ptr == end && seconds >= 0 &&
                    seconds <= std::int64_t{253402300799};
  return fits ? std::optional(TimePoint(std::chrono::seconds(seconds))) : std::nullopt;
}

std::optional<TimePoint> from_date(std::string_view text) {
  const auto time = from_rfc3339(text);
  return time ? time : from_http_date(text);
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
  return when ? std::optional(until(*when, head, now)) : std::nullopt;
}

std::optional<milliseconds> limit_ends(const HttpResponseHead& head,
                                       const RateLimitRules& rules,
                                       TimePoint now) {
  if (const auto asked = retry_after(head, now)) {
    return asked;
  }
  const std::string_view value =
      rules.reset.empty() ? "" : trim(head.headers.find(rules.reset).value_or(""));
  if (rules.reset_format == RateLimitRules::ResetFormat::seconds) {
    const auto seconds = text::read_number(value, 1000000);
    return seconds ? std::optional<milliseconds>(std::chrono::seconds(*seconds)) : std::nullopt;
  }
  const bool epoch = rules.reset_format == RateLimitRules::ResetFormat::epoch;
  const auto when = epoch ? from_epoch(value) : from_date(value);
  return when ? std::optional(until(*when, head, now)) : std::nullopt;
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
