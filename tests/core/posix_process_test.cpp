// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_process.h"

#include "tests/support/child.h"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using namespace atlink::posix;
using std::chrono::milliseconds;

namespace {

ProcessStart shell(const std::string& script) {
  ProcessStart start;
  start.program = "/bin/sh";
  start.arguments = {"-c", script};
  start.environment = {{"PATH", "/usr/bin:/bin"}};
  start.patience = milliseconds{60'000};
  return start;
}

ProcessEnd run(const ProcessStart& start) {
  const auto end = PosixProcess().run(start);
  REQUIRE_MESSAGE(end.has_value(), end.error().message);
  return *end;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Whether there is no process of that number, or only what is left of it until it is reaped.
bool is_gone(const std::string& number) {
  for (int i = 0; i < 2000; ++i) {
    std::ifstream stat("/proc/" + number + "/stat");
    std::string text;
    std::getline(stat, text);
    if (text.empty() || contains(text, ") Z ")) {
      return true;
    }
    std::this_thread::sleep_for(milliseconds{5});
  }
  return false;
}

}  // namespace

TEST_CASE("process: arguments, both streams and the exit code") {
  ProcessStart start = shell("echo \"$0 $1\"; echo wrong >&2; exit 7");
  start.arguments.insert(start.arguments.end(), {"a b", "*"});
  const ProcessEnd end = run(start);
  CHECK(end.why == ProcessEnd::Why::exit);
  CHECK(end.exit_code == 7);
  CHECK(end.out == "a b *\n");
  CHECK(end.err == "wrong\n");
}

TEST_CASE("process: it has the environment that was given and no other") {
  ::setenv("ATLINK_OAUTH_TOKEN_SECRET", "s3cret", 1);
  ProcessStart start;
  start.program = "/usr/bin/env";
  start.environment = {{"A", "1"}, {"B", "x=y"}};
  const ProcessEnd end = run(start);
  ::unsetenv("ATLINK_OAUTH_TOKEN_SECRET");
  CHECK(end.out == "A=1\nB=x=y\n");
}

TEST_CASE("process: its input can be read and opened again, and not be changed") {
  ProcessStart start = shell(
      "cat; cat /proc/self/fd/0; echo more 2>&1 >> /proc/self/fd/0 || echo refused; "
      "cat /proc/self/fd/0");
  start.input = "given\n";
  const ProcessEnd end = run(start);
  CHECK(end.out.substr(0, 12) == "given\ngiven\n");
  CHECK(contains(end.out + end.err, "refused"));
  CHECK(end.out.substr(end.out.size() - 6) == "given\n");
}

TEST_CASE("process: nothing of ours is open in it but the three streams") {
  const int open_file = ::open("/dev/zero", O_RDONLY);  // no close-on-exec, on purpose
  const ProcessEnd end =
      run(shell("n=0; while [ $n -lt 64 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done"));
  ::close(open_file);
  CHECK(end.out == "0\n1\n2\n");
}

TEST_CASE("process: closed standard streams of ours do not end up in it") {
  const int outcome = tests::in_child([] {
    ::close(0);
    ::close(1);
    ::close(2);
    ProcessStart start = shell("cat; echo out; echo err >&2");
    start.input = "in\n";
    const auto end = PosixProcess().run(start);
    return end.has_value() && end->out == "in\nout\n" && end->err == "err\n" ? 0 : 1;
  });
  CHECK(outcome == 0);
}

TEST_CASE("process: a signal that ends it is told, and its signals are the usual ones") {
  ::signal(SIGPIPE, SIG_IGN);
  const ProcessEnd end = run(shell("kill -PIPE $$; sleep 100"));
  ::signal(SIGPIPE, SIG_DFL);
  CHECK(end.why == ProcessEnd::Why::signal);
  CHECK(end.signal == SIGPIPE);
}

TEST_CASE("process: one that takes too long is ended, with all that it started") {
  ProcessStart start = shell("sleep 1000 & echo $! $$; wait");
  start.patience = milliseconds{300};
  const ProcessEnd end = run(start);
  CHECK(end.why == ProcessEnd::Why::patience);
  if (!end.out.empty()) {  // on a busy machine it may have got nowhere
    const std::size_t space = end.out.find(' ');
    CHECK(is_gone(end.out.substr(0, space)));
    CHECK(is_gone(end.out.substr(space + 1, end.out.size() - space - 2)));
  }
}

TEST_CASE("process: what it leaves behind holds nothing up and does not stay") {
  const ProcessEnd end = run(shell("sleep 1000 & echo $!"));
  CHECK(end.why == ProcessEnd::Why::exit);
  REQUIRE(end.out.size() > 1);
  CHECK(is_gone(end.out.substr(0, end.out.size() - 1)));
}

TEST_CASE("process: one that prints too much is ended") {
  ProcessStart start = shell("while :; do echo yes; done");
  start.most_output = 10'000;
  const ProcessEnd end = run(start);
  CHECK(end.why == ProcessEnd::Why::output);
  CHECK(end.out.size() == 10'000);
  start = shell("printf 123456");
  start.most_output = 5;
  CHECK(run(start).why == ProcessEnd::Why::output);
  start.most_output = 6;
  CHECK(run(start).why == ProcessEnd::Why::exit);
}

TEST_CASE("process: a program that is not there is named, and nothing is looked up") {
  ProcessStart start;
  for (const char* program : {"/nowhere/at/all", "true", "/"}) {
    CAPTURE(program);
    start.program = program;
    const auto end = PosixProcess().run(start);
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == ErrorCode::process_failed);
    CHECK(contains(end.error().message, std::string("cannot run ") + program));
    CHECK_FALSE(end.error().next.empty());
  }
}

TEST_CASE("process: an interruption ends it") {
  const int outcome = tests::in_child([] {
    std::thread person([] {
      std::this_thread::sleep_for(milliseconds{50});
      interrupt_waiting();
    });
    const auto end = PosixProcess().run(shell("sleep 1000"));
    person.join();
    return !end && end.error().code == ErrorCode::cancelled ? 0 : 1;
  });
  CHECK(outcome == 0);
}

TEST_CASE("process: programs of the installation lie among the modules") {
  const auto there = PosixProcess().own_program("wire.so");
  REQUIRE_MESSAGE(there.has_value(), there.error().message);
  CHECK(::access(there->c_str(), R_OK) == 0);
  const auto missing = PosixProcess().own_program("nowhere");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == ErrorCode::module_missing);
  CHECK(contains(missing.error().message, "/nowhere"));
}

TEST_SUITE_END();
