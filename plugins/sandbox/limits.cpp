// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/limits.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::int64_t limit = 1000;
constexpr std::int64_t window_seconds = 60;

TimePoint time_of(std::int64_t seconds) {
  return TimePoint(std::chrono::seconds(seconds));
}

void set(const std::string& name, const std::string& value, ServerResponse& response) {
  if (!name.empty()) {
    response.headers.set(name, value);
  }
}

}  // namespace

std::string http_date(std::int64_t seconds) {
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time_of(seconds));
  const std::chrono::year_month_day date(day);
  // The rest stands in RFC 3339 as well: "2026-01-31T09:30:00Z".
  const std::string text = to_rfc3339(time_of(seconds));
  return fmt::format("{}, {:02} {} {} {} GMT",
                     days.at(std::chrono::weekday(day).c_encoding()),
                     static_cast<unsigned>(date.day()),
                     months.at(static_cast<unsigned>(date.month()) - 1),
                     text.substr(0, 4),
                     text.substr(11, 8));
}

std::string Limits::reset_at(std::int64_t end, std::int64_t now) const {
  switch (rules_.reset_format) {
    case RateLimitRules::ResetFormat::seconds:
      return std::to_string(end - now);
    case RateLimitRules::ResetFormat::epoch:
      return std::to_string(end);
    case RateLimitRules::ResetFormat::date:
      return to_rfc3339(time_of(end));
  }
  return {};
}

void Limits::add(const Visit& visit, bool limited, ServerResponse& response) {
  if (visit.now >= window_ends_ || visit.now < window_ends_ - window_seconds) {
    window_ends_ = visit.now + window_seconds;
    used_ = 0;
  }
  used_ = std::min(used_ + 1, limit - 1);
  const std::int64_t left = limited ? 0 : limit - used_;
  set(rules_.limit, std::to_string(limit), response);
  set(rules_.remaining, std::to_string(left), response);
  set(rules_.reset, reset_at(limited ? visit.now + 1 : window_ends_, visit.now), response);
  set(rules_.fill_rate, std::to_string(limit), response);
  set(rules_.interval, std::to_string(window_seconds), response);
  set(left < limit / 5 ? rules_.near : "", "true", response);
  set(limited ? rules_.reason : "", "sandbox-fault", response);
}

}  // namespace atlink::plugins::sandbox
