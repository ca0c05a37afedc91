// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_terminal.h"

#include "tests/support/child.h"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <poll.h>
#include <string>
#include <termios.h>
#include <unistd.h>

#include <sys/ioctl.h>
#include <sys/wait.h>

TEST_SUITE_BEGIN("core/posix");

using namespace atlink;
using atlink::posix::PosixTerminal;

namespace {

/// A child on a terminal of its own, seen from the other end of that terminal.
class OnTerminal {
 public:
  explicit OnTerminal(const std::function<int(PosixTerminal&)>& work)
      : person_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(person_ >= 0);
    REQUIRE(::grantpt(person_) == 0);
    REQUIRE(::unlockpt(person_) == 0);
    std::array<char, 128> name{};
    REQUIRE(::ptsname_r(person_, name.data(), name.size()) == 0);
    terminal_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(terminal_ >= 0);
    child_ = ::fork();
    if (child_ == 0) {
      tests::forget_handlers();
      ::setsid();
      ::ioctl(terminal_, TIOCSCTTY, 0);
      PosixTerminal here;
      ::_exit(work(here));
    }
  }

  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  ~OnTerminal() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(terminal_);
    ::close(person_);
  }

  /// Reads what the terminal shows until it contains `text`; false when it does not come.
  bool shows(const std::string& text) {
    while (seen_.find(text) == std::string::npos) {
      pollfd ready{person_, POLLIN, 0};
      std::array<char, 256> buffer{};
      if (::poll(&ready, 1, 20000) != 1) {
        return false;
      }
      const ssize_t got = ::read(person_, buffer.data(), buffer.size());
      if (got <= 0) {
        return false;
      }
      seen_.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return true;
  }

  void type(const std::string& text) {
    REQUIRE(::write(person_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }

  void forget() { seen_.clear(); }

  [[nodiscard]] const std::string& seen() const { return seen_; }

  [[nodiscard]] bool echoes() const {
    termios settings{};
    REQUIRE(::tcgetattr(terminal_, &settings) == 0);
    return (settings.c_lflag & ECHO) != 0;
  }

  /// Waits until the child has ended or, with WUNTRACED, stopped.
  [[nodiscard]] int status(int options) {
    int status = 0;
    while (::waitpid(child_, &status, options) < 0 && errno == EINTR) {
    }
    if (!WIFSTOPPED(status)) {
      child_ = -1;
    }
    return status;
  }

  [[nodiscard]] pid_t child() const { return child_; }

 private:
  int person_;
  int terminal_ = -1;
  pid_t child_ = -1;
  std::string seen_;
};

/// 0 for the expected secret, else a number that tells.
int ask_for_hunter2(PosixTerminal& terminal) {
  const auto secret = terminal.ask_secret("secret? ");
  if (!secret) {
    return static_cast<int>(secret.error().code) - 100;
  }
  return secret->equals("hunter2") ? 0 : 50;
}

constexpr int was_cancelled = static_cast<int>(ErrorCode::cancelled) - 100;

}  // namespace

TEST_CASE("terminal: a question is shown and its line comes back without the line break") {
  OnTerminal session([](PosixTerminal& terminal) {
    const auto line = terminal.ask("name? ");
    return line.has_value() && *line == "J\xc3\xbcrgen" ? 0 : 1;
  });
  REQUIRE(session.shows("name? "));
  CHECK(session.echoes());
  session.type("J\xc3\xbcrgen\n");
  CHECK(session.status(0) == 0);
}

TEST_CASE("terminal: a secret is not shown, and the echo is on again afterwards") {
  OnTerminal session(ask_for_hunter2);
  REQUIRE(session.shows("secret? "));
  CHECK_FALSE(session.echoes());
  session.type("hunter2\n");
  CHECK(session.status(0) == 0);
  CHECK(session.echoes());
  session.shows("\n");
  CHECK(session.seen().find("hunter") == std::string::npos);
}

TEST_CASE("terminal: Ctrl-C and Ctrl-D cancel, with the echo on again") {
  for (const char* key : {"\x03", "\x04"}) {
    OnTerminal session(ask_for_hunter2);
    REQUIRE(session.shows("secret? "));
    session.type(key);
    const int status = session.status(0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == was_cancelled);
    CHECK(session.echoes());
  }
}

TEST_CASE("terminal: a signal that ends the program finds the echo on again") {
  for (const int signal : {SIGTERM, SIGHUP, SIGQUIT}) {
    OnTerminal session(ask_for_hunter2);
    REQUIRE(session.shows("secret? "));
    ::kill(session.child(), signal);
    const int status = session.status(0);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    CHECK(session.echoes());
  }
}

TEST_CASE("terminal: suspending restores the echo, and going on asks again") {
  // The child leads its session, and a group without a parent in it cannot be stopped by the
  // terminal; so it lets a child of its own ask, in the same session.
  OnTerminal session([](PosixTerminal& terminal) {
    ::signal(SIGTTOU, SIG_IGN);
    const pid_t asking = ::fork();
    if (asking == 0) {
      ::setpgid(0, 0);
      ::tcsetpgrp(::open("/dev/tty", O_RDWR | O_CLOEXEC), ::getpid());
      ::signal(SIGTTOU, SIG_DFL);
      ::_exit(ask_for_hunter2(terminal));
    }
    int status = 0;
    ::waitpid(asking, &status, WUNTRACED);
    const bool stopped = WIFSTOPPED(status) && WSTOPSIG(status) == SIGTSTP;
    termios settings{};
    ::tcgetattr(::open("/dev/tty", O_RDWR | O_CLOEXEC), &settings);
    const bool echo = (settings.c_lflag & ECHO) != 0;
    ::kill(asking, SIGCONT);
    ::waitpid(asking, &status, 0);
    return stopped && echo && status == 0 ? 0 : 1;
  });
  REQUIRE(session.shows("secret? "));
  session.forget();
  session.type("half\x1a");
  REQUIRE(session.shows("secret? "));
  session.type("hunter2\n");
  CHECK(session.status(0) == 0);
}

TEST_CASE("terminal: an interruption of the program ends the question") {
  OnTerminal session([](PosixTerminal& terminal) {
    interrupt_waiting();
    const auto line = terminal.ask("name? ");
    return !line && line.error().code == ErrorCode::cancelled ? 0 : 1;
  });
  CHECK(session.status(0) == 0);
}

TEST_CASE("terminal: without a controlling terminal nothing can be asked") {
  const int outcome = tests::in_child([] {
    ::setsid();
    PosixTerminal terminal;
    const auto line = terminal.ask("name? ");
    const bool told = !line && line.error().code == ErrorCode::no_terminal;
    return !terminal.can_ask() && told && !terminal.ask_secret("secret? ") ? 0 : 1;
  });
  CHECK(outcome == 0);
}

TEST_CASE("terminal: handlers of the program are in force again after a question") {
  OnTerminal session([](PosixTerminal& terminal) {
    ::signal(SIGTERM, [](int) { ::_exit(7); });
    const auto line = terminal.ask("name? ");
    ::raise(SIGTERM);
    return line.has_value() ? 1 : 2;
  });
  REQUIRE(session.shows("name? "));
  session.type("x\n");
  CHECK(WEXITSTATUS(session.status(0)) == 7);
}

TEST_SUITE_END();
