// SPDX-License-Identifier: Apache-2.0
#include "core/http/retry.h"

#include "atlink/text.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;
using namespace std::chrono_literals;
using http::pause_before;
using http::retry_after;

namespace {

HttpResponseHead answer(std::string value, std::string date = {}) {
  HttpResponseHead head{429, {{"Retry-After", std::move(value)}}};
  if (!date.empty()) {
    head.headers.add("Date", date);
  }
  return head;
}

const TimePoint noon = from_rfc3339("2026-01-31T12:00:00Z").value();

}  // namespace

TEST_CASE("retry-after: seconds, zero and dates are read") {
  CHECK(retry_after(answer("120"), noon) == 120s);
  CHECK(retry_after(answer(" 0 "), noon) == 0s);
  CHECK(retry_after(answer("Sat, 31 Jan 2026 12:00:30 GMT"), noon) == 30s);
  CHECK(retry_after(answer("Sat, 31 Jan 2026 11:00:00 GMT"), noon) == 0s);
}

TEST_CASE("retry-after: a date is measured against the server's own clock") {
  CHECK(retry_after(answer("Sat, 31 Jan 2026 15:00:30 GMT", "Sat, 31 Jan 2026 15:00:00 GMT"),
                    noon) == 30s);
}

TEST_CASE("retry-after: nonsense and nothing are none") {
  for (const char* value : {"", "soon", "-1", "1.5", "99999999999999999999", "0x10"}) {
    CAPTURE(value);
    CHECK_FALSE(retry_after(answer(value), noon).has_value());
  }
  CHECK_FALSE(retry_after(HttpResponseHead{429, {}}, noon).has_value());
}

TEST_CASE("limits: without a usable Retry-After the product's own header counts") {
  using Format = RateLimitRules::ResetFormat;
  const auto ends = [](Format format, const std::string& value, Headers more = {}) {
    RateLimitRules rules;
    rules.reset = "X-Acme-Again";
    rules.reset_format = format;
    HttpResponseHead head{429, std::move(more)};
    head.headers.add("x-acme-again", value);
    return http::limit_ends(head, rules, noon);
  };
  CHECK(ends(Format::seconds, " 90 ") == 90s);
  CHECK(ends(Format::epoch, "1769860845") == 45s);
  CHECK(ends(Format::epoch, "1769860000") == 0s);
  CHECK(ends(Format::epoch, "4102444800").has_value());
  CHECK(ends(Format::date, "2026-01-31T13:00:10+01:00") == 10s);
  CHECK(ends(Format::date, "Sat, 31 Jan 2026 12:00:30 GMT") == 30s);
  CHECK(ends(Format::date, "2026-01-31T15:00:20Z", {{"Date", "Sat, 31 Jan 2026 15:00:00 GMT"}}) ==
        20s);
  CHECK(ends(Format::seconds, "90", {{"Retry-After", "5"}}) == 5s);
  CHECK(ends(Format::seconds, "90", {{"Retry-After", "soon"}}) == 90s);
  for (const Format format : {Format::seconds, Format::epoch, Format::date}) {
    for (const char* value : {"", "soon", "-5", "99999999999999999999", "1.5"}) {
      CAPTURE(value);
      CHECK_FALSE(ends(format, value).has_value());
    }
  }
  CHECK_FALSE(http::limit_ends(HttpResponseHead{429, {{"", "5"}}}, {}, noon).has_value());
}

TEST_CASE("pauses: each is between half and the whole of a step that doubles up to the longest") {
  tests::FakeRandom random;
  RetryPolicy policy;
  policy.first_pause = 1000ms;
  policy.longest_pause = 5000ms;
  const std::chrono::milliseconds steps[] = {1000ms, 2000ms, 4000ms, 5000ms, 5000ms};
  for (int repeat = 1; repeat <= 5; ++repeat) {
    for (int round = 0; round < 50; ++round) {
      const auto pause = pause_before(repeat, policy, std::nullopt, random).value();
      CHECK(pause >= steps[repeat - 1] / 2);
      CHECK(pause <= steps[repeat - 1]);
    }
  }
}

TEST_CASE("pauses: what the server asks for is never cut, and spread by up to a step") {
  tests::FakeRandom random;
  const RetryPolicy policy;
  std::set<std::chrono::milliseconds> seen;
  for (int round = 0; round < 100; ++round) {
    const auto pause = pause_before(1, policy, 60000ms, random).value();
    CHECK(pause >= 60000ms);
    CHECK(pause <= 60500ms);
    seen.insert(pause);
  }
  CHECK(seen.size() > 20);
}

TEST_CASE("pauses: without random bytes there is none") {
  tests::FakeRandom random;
  random.broken = true;
  CHECK(pause_before(1, {}, std::nullopt, random).error().code == ErrorCode::internal);
}

TEST_CASE("methods: POST and PATCH are not repeated by themselves") {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}) {
    CHECK(http::is_idempotent(method));
  }
  for (const char* method : {"POST", "PATCH", "MKCOL", ""}) {
    CHECK_FALSE(http::is_idempotent(method));
  }
}

TEST_CASE("failures: what somebody has to mend is not tried again") {
  for (const ErrorCode code : {ErrorCode::network_name,
                               ErrorCode::network_certificate,
                               ErrorCode::network_tls,
                               ErrorCode::network_proxy,
                               ErrorCode::file_io,
                               ErrorCode::cancelled}) {
    CHECK_FALSE(http::may_pass(code));
  }
  for (const ErrorCode code : {ErrorCode::network_refused,
                               ErrorCode::network_timeout,
                               ErrorCode::network_lost,
                               ErrorCode::network_unreachable,
                               ErrorCode::network_answer_lost,
                               ErrorCode::answer_truncated}) {
    CHECK(http::may_pass(code));
  }
  CHECK_FALSE(http::may_have_been_done(ErrorCode::network_refused));
  CHECK(http::may_have_been_done(ErrorCode::network_answer_lost));
}

TEST_SUITE_END();
