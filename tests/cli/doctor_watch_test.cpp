// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/watch.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using cli::doctor::Watch;

namespace {

class Nothing final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead& /*head*/) override { return {}; }

  [[nodiscard]] Status write(std::string_view /*bytes*/) override { return {}; }
};

Status send(Watch& watch, const char* url, std::chrono::milliseconds deadline = {}) {
  const HttpRequest request{"GET", Url::parse(url).value(), {}};
  Nothing nothing;
  Exchange exchange{request, nothing, {}};
  exchange.deadline = deadline;
  return watch.send(exchange);
}

}  // namespace

TEST_CASE("watch: the sixteenth request is not sent") {
  tests::FakeWorld world;
  Watch watch(world.transport, world.clock);
  for (int i = 0; i < 15; ++i) {
    world.transport.expect("GET", "https://h/x").answers(200);
    CHECK(send(watch, "https://h/x").has_value());
  }
  CHECK(watch.left() == 0);
  CHECK_FALSE(send(watch, "https://h/x").has_value());
  CHECK(world.transport.sent.size() == 15);
}

TEST_CASE("watch: no request begins after two minutes, and none lasts over twenty seconds") {
  tests::FakeWorld world;
  Watch watch(world.transport, world.clock);
  world.transport.expect("GET", "https://h/x").answers(200);
  CHECK(send(watch, "https://h/x", std::chrono::seconds(60)).has_value());
  CHECK(world.transport.sent[0].deadline == std::chrono::seconds(20));
  world.transport.expect("GET", "https://h/x").answers(200);
  CHECK(send(watch, "https://h/x", std::chrono::seconds(5)).has_value());
  CHECK(world.transport.sent[1].deadline == std::chrono::seconds(5));
  world.clock.pass(std::chrono::seconds(120));
  CHECK_FALSE(send(watch, "https://h/x").has_value());
}

TEST_CASE("watch: keeps neither queries nor bodies") {
  tests::FakeWorld world;
  Watch watch(world.transport, world.clock);
  world.transport.expect("GET", "https://h/x?oauth_signature=abc").answers(200, {}, "token=abc");
  CHECK(send(watch, "https://h/x?oauth_signature=abc").has_value());
  CHECK(watch.seen().at(0).url == "https://h/x");
  CHECK(watch.seen().at(0).proven);
  CHECK(watch.seen().at(0).body_size == 9);
}

TEST_SUITE_END();
