// SPDX-License-Identifier: Apache-2.0
#include "core/posix/small_parts.h"
#include "tests/support/child.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <string>
#include <thread>
#include <vector>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using namespace atlink::posix;
using std::chrono::milliseconds;

TEST_CASE("clock: sleeping takes at least the time asked for, signals or not") {
  PosixClock clock;

  struct sigaction quiet {};

  quiet.sa_handler = [](int) {};

  struct sigaction before {};

  REQUIRE(::sigaction(SIGUSR1, &quiet, &before) == 0);
  const auto begun = clock.steady();
  const pthread_t self = ::pthread_self();
  std::thread disturbing([self] {
    std::this_thread::sleep_for(milliseconds{10});
    ::pthread_kill(self, SIGUSR1);
  });
  CHECK(clock.sleep(milliseconds{40}).has_value());
  CHECK(clock.steady() - begun >= milliseconds{40});
  disturbing.join();
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_CASE("clock: an interruption ends this sleep and every later one") {
  const int outcome = tests::in_child([] {
    PosixClock clock;
    struct sigaction interrupt {};
    interrupt.sa_handler = [](int) { interrupt_waiting(); };
    ::sigaction(SIGINT, &interrupt, nullptr);
    std::thread person([] {
      std::this_thread::sleep_for(milliseconds{10});
      ::kill(::getpid(), SIGINT);
    });
    const Status first = clock.sleep(milliseconds{60000});
    person.join();
    const Status second = clock.sleep(milliseconds{60000});
    const bool both = !first && first.error().code == ErrorCode::cancelled && !second &&
                      second.error().code == ErrorCode::cancelled;
    return both ? 0 : 1;
  });
  CHECK(outcome == 0);
}

TEST_CASE("clock: an interruption before anybody waited is not lost") {
  const int outcome = tests::in_child([] {
    interrupt_waiting();
    pollfd seen{interruption_descriptor(), POLLIN, 0};
    return ::poll(&seen, 1, 0) == 1 ? 0 : 1;
  });
  CHECK(outcome == 0);
}

TEST_CASE("clock: a child that is interrupted does not interrupt its parent") {
  pollfd ours{interruption_descriptor(), POLLIN, 0};
  const int outcome = tests::in_child([&ours] {
    interrupt_waiting();
    pollfd theirs{interruption_descriptor(), POLLIN, 0};
    const bool told = ::poll(&theirs, 1, 0) == 1;
    return told && theirs.fd != ours.fd ? 0 : 1;
  });
  CHECK(outcome == 0);
  CHECK(::poll(&ours, 1, 0) == 0);
}

TEST_CASE("random: two fills differ and every byte is filled") {
  PosixRandom random;
  std::array<unsigned char, 32> first{};
  std::array<unsigned char, 32> second{};
  REQUIRE(random.fill(first).has_value());
  REQUIRE(random.fill(second).has_value());
  CHECK(first != second);
  CHECK(random.fill({}).has_value());
}

TEST_CASE("environment: unset and empty are different") {
  REQUIRE(::setenv("ATLINK_TEST_EMPTY", "", 1) == 0);
  const PosixEnvironment environment;
  CHECK(environment.get("ATLINK_TEST_EMPTY") == "");
  CHECK(environment.get("ATLINK_TEST_UNSET") == std::nullopt);
  const std::vector<std::string> names = environment.names();
  CHECK(std::count(names.begin(), names.end(), "ATLINK_TEST_EMPTY") == 1);
  CHECK(std::count(names.begin(), names.end(), "ATLINK_TEST_UNSET") == 0);
  ::unsetenv("ATLINK_TEST_EMPTY");
}

TEST_SUITE_END();
