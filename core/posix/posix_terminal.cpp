// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_terminal.h"

#include "core/posix/descriptor.h"
#include "core/posix/signal_watch.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <termios.h>
#include <utility>

namespace atlink::posix {

namespace {

/// The echo of a terminal is off while one lives.
class NoEcho {
 public:
  NoEcho(int terminal, bool wanted) : terminal_(terminal) {
    if (!wanted || ::tcgetattr(terminal_, &before_) < 0) {
      return;
    }
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
    off_ = ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }

  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

  ~NoEcho() {
    if (off_) {
      // What the person typed and nobody read must not end up at the shell's prompt.
      static_cast<void>(retrying([this] { return ::tcsetattr(terminal_, TCSAFLUSH, &before_); }));
    }
  }

  [[nodiscard]] bool off() const { return off_; }

 private:
  int terminal_;
  termios before_{};
  bool off_ = false;
};

/// How one attempt to ask ended: with a line, or by `signal`, or for good.
struct Outcome {
  enum class What { line, signal, cancelled, broken };
  What what = What::broken;
  Secret line;
  int signal = 0;
};

void say(int terminal, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(terminal, text.data(), text.size());
    if (put <= 0) {
      return;  // the question that follows finds out what is wrong
    }
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

/// Adds what can be read to the line. True when the line is complete or the outcome is known.
bool read_some(int terminal, Outcome& outcome) {
  std::array<char, 512> buffer{};
  const ssize_t got = ::read(terminal, buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) {
    return false;
  }
  if (got <= 0) {
    outcome.what = got == 0 ? Outcome::What::cancelled : Outcome::What::broken;
    return true;
  }
  std::string_view read(buffer.data(), static_cast<std::size_t>(got));
  const bool complete = read.back() == '\n';
  read.remove_suffix(complete ? 1 : 0);
  outcome.line.append(read);
  wipe_memory(buffer.data(), buffer.size());
  outcome.what = complete ? Outcome::What::line : Outcome::What::broken;
  return complete;
}

Outcome wait_for_line(int terminal, SignalWatch& watch) {
  Outcome outcome;
  std::array<pollfd, 3> watched{{{terminal, POLLIN, 0},
                                 {watch.descriptor(), POLLIN, 0},
                                 {interruption_descriptor(), POLLIN, 0}}};
  while (true) {
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) {
      return outcome;
    }
    outcome.signal = watch.take();
    if (outcome.signal != 0) {
      outcome.what = Outcome::What::signal;
      return outcome;
    }
    if (watched[2].revents != 0) {
      outcome.what = Outcome::What::cancelled;
      return outcome;
    }
    if (watched[0].revents != 0 && read_some(terminal, outcome)) {
      return outcome;
    }
  }
}

/// Asks once. Echo and signal handlers are as before when it returns.
Outcome attempt(int terminal, const std::string& question, bool hidden) {
  SignalWatch watch;
  const NoEcho echo(terminal, hidden);
  if (hidden && !echo.off()) {
    Outcome outcome;
    // In the background the terminal's settings cannot be changed; the system has said so.
    outcome.signal = watch.take();
    outcome.what = outcome.signal != 0 ? Outcome::What::signal : Outcome::What::broken;
    return outcome;
  }
  say(terminal, question);
  Outcome outcome = wait_for_line(terminal, watch);
  if (hidden || outcome.what != Outcome::What::line) {
    say(terminal, "\n");
  }
  return outcome;
}

bool only_stops(int signal) {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

Error nobody_to_ask() {
  return make_error(ErrorCode::no_terminal,
                    "a question must be asked and there is no terminal",
                    "run it from a terminal, or give the answer as an option or variable (see "
                    "--help)");
}

Result<Secret> answer(const std::string& question, bool hidden) {
  static std::mutex one_at_a_time;
  const std::lock_guard<std::mutex> guard(one_at_a_time);
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal.valid()) {
    return fail(nobody_to_ask());
  }
  while (true) {
    Outcome outcome = attempt(terminal.get(), question, hidden);
    if (outcome.what == Outcome::What::line) {
      return std::move(outcome.line);
    }
    if (outcome.what == Outcome::What::broken) {
      return fail(nobody_to_ask());
    }
    if (outcome.what == Outcome::What::signal && outcome.signal != SIGINT) {
      // Now that the terminal is right, the signal may do what it does.
      ::kill(::getpid(), outcome.signal);
      if (only_stops(outcome.signal)) {
        continue;  // the program goes on: the question is asked again
      }
    }
    return fail(ErrorCode::cancelled, "the question was not answered");
  }
}

}  // namespace

bool PosixTerminal::can_ask() {
  return Descriptor(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)).valid();
}

Result<std::string> PosixTerminal::ask(const std::string& question) {
  ATLINK_ASSIGN(const Secret line, answer(question, false));
  return std::string(line.expose());
}

Result<Secret> PosixTerminal::ask_secret(const std::string& question) {
  return answer(question, true);
}

}  // namespace atlink::posix
