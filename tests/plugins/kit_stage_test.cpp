// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/recorder.h"
#include "plugins/kit/stage.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("plugins/kit");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::plugins::kit;

namespace {

class Ignored final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead&) override { return {}; }

  [[nodiscard]] Status write(std::string_view) override { return {}; }
};

}  // namespace

TEST_CASE("stage: nothing leaves this machine") {
  tests::FakeTransport real;
  real.expect("GET", "http://127.0.0.1:8090/x").answers(200, {}, "");
  LoopbackOnly transport(real);
  Ignored handler;
  HttpRequest here{"GET", Url::parse("http://127.0.0.1:8090/x").value(), {}, nullptr};
  CHECK(transport.send({here, handler, {}}).has_value());
  for (const char* url :
       {"https://acme.example/", "http://127.0.0.1.example/", "http://10.0.0.1/"}) {
    HttpRequest away{"GET", Url::parse(url).value(), {}, nullptr};
    const Status sent = transport.send({away, handler, {}});
    REQUIRE_FALSE(sent.has_value());
    CHECK(sent.error().code == ErrorCode::url_other_origin);
  }
}

TEST_CASE("stage: its clock is moved by hand, and sleeping takes no time") {
  tests::FakeClock real;
  StageClock clock(real);
  const auto before = clock.now();
  clock.pass(std::chrono::seconds(600));
  CHECK(clock.now() - before == std::chrono::seconds(600));
  CHECK(clock.sleep(std::chrono::milliseconds(1500)).has_value());
  CHECK(clock.now() - before == std::chrono::seconds(602));
  CHECK(real.sleeps.empty());
}

TEST_CASE("recorder: a check has a name, a place and what came of it") {
  tests::FakeClock clock;
  std::vector<Check> checks;
  Recorder recorder(clock, checks);
  CHECK(recorder.run("rule.json", [&] {
    clock.pass(std::chrono::milliseconds(3));
    return passed("seen");
  }));
  recorder.at(Deployment::cloud);
  CHECK(recorder.run("play.a", [] { return warned("odd", "mend it"); }));
  CHECK(recorder.run("play.b", [] { return failed_if({}, "none"); }));
  CHECK_FALSE(recorder.run("play.c", [] { return failed_if({{"bad", "", "", 0, ""}}); }));
  REQUIRE(checks.size() == 4);
  CHECK(checks[0].took == std::chrono::milliseconds(3));
  CHECK_FALSE(checks[0].deployment.has_value());
  CHECK(checks[1].deployment == Deployment::cloud);
  CHECK(checks[1].outcome == Outcome::warn);
  CHECK(checks[1].findings[0].next == "mend it");
  CHECK(checks[2].message == "none");
  CHECK(checks[3].outcome == Outcome::fail);
  CHECK(name_part("RSA-SHA1 \x1b/ü.2") == "rsa-sha1-----.2");
}

TEST_SUITE_END();
