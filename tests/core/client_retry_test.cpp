// SPDX-License-Identifier: Apache-2.0
// What is tried again, when, and what never is.
#include "atlink/client.h"
#include "atlink/text.h"
#include "tests/support/acme.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;
using namespace std::chrono_literals;
using tests::acme_connection;
using tests::acme_token;
using tests::is_signed;

namespace {

const char* const there = "https://site.example/acme/x";

struct Site {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Client client{world.platform(), acme_connection(), acme_token()};

  Result<Classified> send(std::string method, BodySource* body = nullptr, bool safe = false) {
    ApiRequest request;
    request.method = std::move(method);
    request.path = "/x";
    request.body = body;
    request.safe_to_repeat = safe;
    return client.send(request, keeper);
  }

  tests::PlannedExchange& expect(std::string method) {
    return world.transport.expect(std::move(method), there);
  }

  [[nodiscard]] std::size_t pauses() const { return world.clock.sleeps.size(); }
};

Headers problem(std::string_view fields) {
  return {{"WWW-Authenticate", fmt::format("OAuth realm=\"x\", {}", fields)}};
}

Headers timestamp_refused(std::int64_t server) {
  return problem(
      fmt::format(R"(oauth_problem="timestamp_refused", oauth_acceptable_timestamps="{}-{}")",
                  server - 300,
                  server + 300));
}

}  // namespace

TEST_CASE("repeats: a GET survives a lost connection, signed afresh") {
  Site site;
  site.expect("GET").fails(ErrorCode::network_lost);
  site.expect("GET").answers(200, {}, "ok");
  REQUIRE(site.send("GET").has_value());
  CHECK(site.keeper.body == "ok");
  CHECK(site.pauses() == 1);
  const auto& sent = site.world.transport.sent;
  CHECK(sent[0].oauth("oauth_nonce") != sent[1].oauth("oauth_nonce"));
  CHECK(is_signed(sent[0]));
  CHECK(is_signed(sent[1]));
}

TEST_CASE("repeats: the timestamp of each attempt is that of its own second") {
  Site site;
  site.client.retry.first_pause = 10000ms;
  site.expect("GET").fails(ErrorCode::network_refused);
  site.expect("GET").answers(200);
  const std::int64_t before = site.world.clock.seconds();
  REQUIRE(site.send("GET").has_value());
  const auto& sent = site.world.transport.sent;
  CHECK(sent[0].oauth("oauth_timestamp") == std::to_string(before));
  CHECK(std::stoll(sent[1].oauth("oauth_timestamp").value()) >= before + 5);
}

TEST_CASE("repeats: attempts are counted, and the last error is told") {
  Site site;
  for (int i = 0; i < 3; ++i) {
    site.expect("GET").fails(ErrorCode::network_refused);
  }
  const auto failed = site.send("GET");
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == ErrorCode::network_refused);
  CHECK(failed.error().fact("attempts") == "3");
  CHECK(failed.error().fact("url") == there);
  CHECK(site.pauses() == 2);
  CHECK(site.world.clock.sleeps[1] > site.world.clock.sleeps[0]);
}

TEST_CASE("repeats: what somebody has to mend is told at once") {
  for (const ErrorCode code :
       {ErrorCode::network_name, ErrorCode::network_certificate, ErrorCode::network_tls}) {
    Site site;
    site.expect("GET").fails(code);
    CHECK(site.send("GET").error().code == code);
    CHECK(site.pauses() == 0);
  }
}

TEST_CASE("repeats: an answer cut short before a byte went on is asked for again") {
  Site site;
  site.expect("GET").answers(500, {}, "half").fails(ErrorCode::answer_truncated);
  site.expect("GET").answers(200, {}, "whole");
  REQUIRE(site.send("GET").has_value());
  CHECK(site.keeper.body == "whole");
  CHECK(site.keeper.heads == 1);
}

TEST_CASE("repeats: a POST is not sent twice, and the error says that it may have been done") {
  for (const ErrorCode code :
       {ErrorCode::network_answer_lost, ErrorCode::network_timeout, ErrorCode::network_lost}) {
    Site site;
    site.expect("POST").fails(code);
    const auto failed = site.send("POST");
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code == code);
    CHECK(failed.error().next.find("may have been carried out") != std::string::npos);
  }
  Site site;
  site.expect("POST").answers(503, {{"Retry-After", "1"}});
  CHECK(site.send("POST")->error->code == ErrorCode::answer_server_error);
}

TEST_CASE("repeats: a POST that is safe to repeat is") {
  Site site;
  const auto body = body_from_string("{}");
  site.expect("POST").fails(ErrorCode::network_answer_lost);
  site.expect("POST").answers(503);
  site.expect("POST").answers(200);
  CHECK_FALSE(site.send("POST", body.get(), true)->error.has_value());
  for (const auto& sent : site.world.transport.sent) {
    CHECK(sent.body == "{}");
  }
}

TEST_CASE("repeats: 503 and 429 wait as long as the server asks") {
  Site site;
  site.expect("GET").answers(503, {{"Retry-After", "7"}}, "busy");
  site.expect("GET").answers(429,
                             {{"Retry-After", "Sat, 31 Jan 2026 10:00:05 GMT"},
                              {"Date", "Sat, 31 Jan 2026 10:00:00 GMT"}});
  site.expect("GET").answers(200, {}, "ok");
  REQUIRE(site.send("GET").has_value());
  CHECK(site.keeper.body == "ok");
  CHECK(site.keeper.heads == 1);
  REQUIRE(site.pauses() == 2);
  CHECK(site.world.clock.sleeps[0] >= 7000ms);
  CHECK(site.world.clock.sleeps[0] <= 7500ms);
  CHECK(site.world.clock.sleeps[1] >= 5000ms);
  CHECK(site.world.clock.sleeps[1] <= 6000ms);
}

TEST_CASE("repeats: without Retry-After the product's own header says how long, for limits only") {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Connection connection = acme_connection();
  connection.product.rate_limit.reset = "X-Acme-Again";
  Client client(world.platform(), std::move(connection), acme_token());
  const Headers again{{"X-Acme-Again", "20"}};
  world.transport.expect("GET", there).answers(420, again);
  world.transport.expect("GET", there).answers(503, again);
  world.transport.expect("GET", there).answers(200);
  ApiRequest request;
  request.method = "GET";
  request.path = "/x";
  REQUIRE(client.send(request, keeper).has_value());
  REQUIRE(world.clock.sleeps.size() == 2);
  CHECK(world.clock.sleeps[0] >= 20000ms);
  CHECK(world.clock.sleeps[1] <= 2000ms);
}

TEST_CASE("repeats: a POST is sent again after 429, since it was certainly not carried out") {
  Site site;
  const auto body = body_from_string("{}");
  site.expect("POST").answers(429, {{"Retry-After", "0"}});
  site.expect("POST").answers(201);
  CHECK_FALSE(site.send("POST", body.get())->error.has_value());
  CHECK(site.world.transport.sent[1].body == "{}");
}

TEST_CASE("repeats: no pause goes beyond the budget") {
  Site site;
  site.client.retry.total = 60000ms;
  site.expect("GET").answers(429, {{"Retry-After", "61"}}, "later");
  const auto answer = site.send("GET");
  REQUIRE(answer.has_value());
  CHECK(answer->error->code == ErrorCode::answer_rate_limited);
  CHECK(answer->error->fact("not_repeated").find("60 s") != std::string::npos);
  CHECK(site.keeper.body == "later");
  CHECK(site.pauses() == 0);
}

TEST_CASE("repeats: time that attempts took counts against the budget") {
  Site site;
  site.client.retry.attempts = 10;
  site.expect("GET").fails(ErrorCode::network_timeout).takes(60000ms);
  site.expect("GET").fails(ErrorCode::network_timeout).takes(60000ms);
  CHECK(site.send("GET").error().code == ErrorCode::network_timeout);
}

TEST_CASE("repeats: input that cannot be read twice is not sent twice") {
  Site site;
  tests::OneWay once("data");
  site.expect("PUT").answers(429, {}, "later");
  const auto answer = site.send("PUT", &once);
  CHECK(answer->error->code == ErrorCode::answer_rate_limited);
  CHECK(answer->error->fact("not_repeated").find("second time") != std::string::npos);
  CHECK(site.keeper.body == "later");

  tests::OneWay other("data");
  site.expect("PUT").fails(ErrorCode::network_lost);
  CHECK(site.send("PUT", &other).error().code == ErrorCode::network_lost);
}

TEST_CASE("repeats: an interruption while waiting ends it") {
  Site site;
  site.world.clock.interrupted = true;
  site.expect("GET").fails(ErrorCode::network_refused);
  CHECK(site.send("GET").error().code == ErrorCode::cancelled);
}

TEST_CASE("repeats: no more is read of an answer that is dropped than a bound") {
  Site site;
  std::size_t written = 0;
  site.expect("GET").answers_from(503, {}, [&](BodySink& sink) -> Status {
    const std::string piece(100000, 'x');
    for (int i = 0; i < 1000; ++i) {
      ATLINK_CHECK(sink.write(piece));
      written += piece.size();
    }
    return {};
  });
  site.expect("GET").answers(200, {}, "ok");
  REQUIRE(site.send("GET").has_value());
  CHECK(site.keeper.body == "ok");
  CHECK(written < 1300000);
}

TEST_CASE("clock: after timestamp_refused the server's clock is used, once, and remembered") {
  Site site;
  const std::int64_t server = site.world.clock.seconds() + 5000;
  site.expect("POST").answers(400, timestamp_refused(server));
  site.expect("POST").answers(201);
  CHECK_FALSE(site.send("POST")->error.has_value());
  const auto& sent = site.world.transport.sent;
  CHECK(sent[1].oauth("oauth_timestamp") == std::to_string(server));
  CHECK(site.client.clock_correction() == 5000);
  CHECK(site.pauses() == 0);

  site.keeper.clear();
  site.expect("GET").answers(200);
  REQUIRE(site.send("GET").has_value());
  CHECK(sent[2].oauth("oauth_timestamp") == std::to_string(server));
}

TEST_CASE("clock: the Date header serves where the server names no timestamps") {
  Site site;
  Headers headers = problem(R"(oauth_problem="timestamp_refused")");
  headers.add("Date", "Sat, 31 Jan 2026 08:30:00 GMT");
  site.expect("GET").answers(400, headers);
  site.expect("GET").answers(200);
  REQUIRE(site.send("GET").has_value());
  CHECK(site.client.clock_correction() == -3600);
}

TEST_CASE("clock: a second refusal, one without a time, or one of the same time is the answer") {
  Site twice;
  const std::int64_t server = twice.world.clock.seconds() + 5000;
  twice.expect("GET").answers(400, timestamp_refused(server));
  twice.expect("GET").answers(400, timestamp_refused(server + 9000));
  CHECK(twice.send("GET")->error->code == ErrorCode::oauth1_timestamp_refused);

  Site silent;
  silent.expect("GET").answers(400, problem(R"(oauth_problem="timestamp_refused")"));
  CHECK(silent.send("GET")->error->code == ErrorCode::oauth1_timestamp_refused);

  for (const char* range : {"9223372036854775807-9223372036854775807", "-9-8", "x-y"}) {
    Site absurd;
    absurd.expect("GET").answers(
        400,
        problem(fmt::format(
            R"(oauth_problem="timestamp_refused", oauth_acceptable_timestamps="{}")", range)));
    CHECK(absurd.send("GET")->error->code == ErrorCode::oauth1_timestamp_refused);
  }

  Site agreeing;
  agreeing.expect("GET").answers(400, timestamp_refused(agreeing.world.clock.seconds() + 1));
  CHECK(agreeing.send("GET")->error->code == ErrorCode::oauth1_timestamp_refused);
}

TEST_CASE("clock: the one correction does not depend on the number of attempts") {
  Site site;
  site.client.retry.attempts = 1;
  site.expect("GET").answers(400, timestamp_refused(site.world.clock.seconds() - 900));
  site.expect("GET").answers(200);
  CHECK_FALSE(site.send("GET")->error.has_value());
}

TEST_CASE("clock: a body that cannot be read twice is not sent with a corrected clock either") {
  Site site;
  tests::OneWay once("data");
  site.expect("POST").answers(400, timestamp_refused(site.world.clock.seconds() - 900));
  const auto answer = site.send("POST", &once);
  CHECK(answer->error->code == ErrorCode::oauth1_timestamp_refused);
  CHECK(answer->error->fact("not_repeated").find("second time") != std::string::npos);
}

TEST_CASE("nonce: a nonce that was seen is replaced once") {
  Site site;
  const Headers used = problem(R"(oauth_problem="nonce_used")");
  site.expect("POST").answers(401, used);
  site.expect("POST").answers(200);
  CHECK_FALSE(site.send("POST")->error.has_value());

  site.keeper.clear();
  site.expect("POST").answers(401, used);
  site.expect("POST").answers(401, used);
  CHECK(site.send("POST")->error->code == ErrorCode::oauth1_nonce_used);
}

TEST_SUITE_END();
