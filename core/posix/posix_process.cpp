// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_process.h"

#include "atlink/text.h"
#include "core/posix/descriptor.h"
#include "core/posix/module.h"
#include "core/posix/sealed_file.h"
#include "core/posix/spawn.h"
#include "core/posix/system_error.h"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>

#include <sys/syscall.h>
#include <sys/wait.h>

namespace atlink::posix {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

tl::unexpected<Error> cannot_run(const ProcessStart& start, int number) {
  return fail(
      make_error(
          ErrorCode::process_failed,
          fmt::format("cannot run {}: {}", printable(start.program, 1000), reason_of(number)),
          "see that the file is there, is executable and lies where programs may be "
          "run from")
          .with("file", start.program));
}

/// The same file under a number that is no standard stream's, for one of them may be closed here.
Descriptor above_standard(Descriptor descriptor) {
  if (!descriptor.valid() || descriptor.get() > 2) {
    return descriptor;
  }
  return Descriptor(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 3));
}

/// A pipe of which the child gets the end that writes.
struct Pipe {
  Descriptor reading;
  Descriptor writing;

  [[nodiscard]] bool open() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0) {
      return false;
    }
    reading = above_standard(Descriptor(ends[0]));
    writing = above_standard(Descriptor(ends[1]));
    return reading.valid() && writing.valid() && ::fcntl(reading.get(), F_SETFL, O_NONBLOCK) == 0;
  }
};

/// A child that runs. It and its session are ended and reaped at the latest when this goes.
class Child {
 public:
  /// 0, or the errno value that says why there is none.
  [[nodiscard]] int start(const ProcessStart& how);

  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ~Child() {
    if (id_ > 0) {
      static_cast<void>(end());
    }
  }

  /// Waits until it has ended by itself, and keeps what it prints. Says why it waits no longer, or
  /// nothing where the person interrupts.
  [[nodiscard]] std::optional<ProcessEnd::Why> watch(const ProcessStart& how);

  /// Ends what is left of the session; what became of the child itself, as waitpid says it.
  [[nodiscard]] int end();

  /// Takes what stands in the pipes; false where it is more than is allowed.
  bool drain(std::size_t most);

  std::string out;
  std::string err;

 private:
  [[nodiscard]] int spawn(const ProcessStart& how);

  pid_t id_ = -1;
  Descriptor life_;
  Pipe out_pipe_;
  Pipe err_pipe_;
};

int Child::spawn(const ProcessStart& how) {
  const Descriptor input = above_standard(sealed_file(how.input));
  if (!input.valid() || !out_pipe_.open() || !err_pipe_.open()) {
    return errno;
  }
  SpawnActions actions;
  actions.hand_over(input.get(), 0);
  actions.hand_over(out_pipe_.writing.get(), 1);
  actions.hand_over(err_pipe_.writing.get(), 2);
  actions.close_the_rest();
  const SpawnAttributes attributes;
  std::vector<std::string> words{how.program};
  words.insert(words.end(), how.arguments.begin(), how.arguments.end());
  std::vector<std::string> variables;
  for (const auto& [name, value] : how.environment) {
    variables.push_back(fmt::format("{}={}", name, value));
  }
  return ::posix_spawn(&id_,
                       how.program.c_str(),
                       actions.get(),
                       attributes.get(),
                       pointers_to(words).data(),
                       pointers_to(variables).data());
}

int Child::start(const ProcessStart& how) {
  if (const int number = spawn(how); number != 0) {
    id_ = -1;
    return number;
  }
  out_pipe_.writing = Descriptor();
  err_pipe_.writing = Descriptor();
  life_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
  return life_.valid() ? 0 : errno;
}

/// Takes what stands in a pipe, and closes it at its end; false where it is more than is allowed.
bool take(Descriptor& pipe, std::string& into, std::size_t most) {
  std::array<char, 4096> buffer{};
  while (pipe.valid()) {
    const ssize_t got = retrying([&] { return ::read(pipe.get(), buffer.data(), buffer.size()); });
    if (got < 0 && errno == EAGAIN) {
      return true;
    }
    if (got <= 0) {
      pipe = Descriptor();
      return true;
    }
    const auto size = std::min(static_cast<std::size_t>(got), most - into.size());
    into.append(buffer.data(), size);
    if (size < static_cast<std::size_t>(got)) {
      return false;
    }
  }
  return true;
}

bool Child::drain(std::size_t most) {
  const bool fits = take(out_pipe_.reading, out, most);
  return take(err_pipe_.reading, err, most) && fits;
}

std::optional<ProcessEnd::Why> Child::watch(const ProcessStart& how) {
  const auto deadline = steady_clock::now() + how.patience;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    // poll passes over what is negative: a pipe at its end.
    std::array<pollfd, 4> watched{{{life_.get(), POLLIN, 0},
                                   {interruption_descriptor(), POLLIN, 0},
                                   {out_pipe_.reading.get(), POLLIN, 0},
                                   {err_pipe_.reading.get(), POLLIN, 0}}};
    const auto wait = std::clamp(left, milliseconds{0}, milliseconds{1'000'000});
    ::poll(watched.data(), watched.size(), static_cast<int>(wait.count()));
    if (watched[1].revents != 0) {
      return std::nullopt;
    }
    if (!drain(how.most_output)) {
      return ProcessEnd::Why::output;
    }
    if (watched[0].revents != 0) {
      return ProcessEnd::Why::exit;
    }
    if (left <= milliseconds{0}) {
      return ProcessEnd::Why::patience;
    }
  }
}

int Child::end() {
  // Before it is reaped, so that its number cannot be another's yet.
  ::kill(-id_, SIGKILL);
  ::kill(id_, SIGKILL);
  int status = 0;
  const pid_t reaped = retrying([&] { return ::waitpid(id_, &status, 0); });
  id_ = -1;
  return reaped < 0 ? SIGKILL : status;
}

}  // namespace

Result<ProcessEnd> PosixProcess::run(const ProcessStart& start) {
  Child child;
  if (const int number = child.start(start); number != 0) {
    return cannot_run(start, number);
  }
  const auto why = child.watch(start);
  const int status = child.end();
  if (!why) {
    return fail(ErrorCode::cancelled, "interrupted while another program ran");
  }
  ProcessEnd told;
  told.why = *why;
  if (*why == ProcessEnd::Why::exit) {
    // What was printed between the last look and the end.
    told.why = child.drain(start.most_output) ? *why : ProcessEnd::Why::output;
    told.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (WIFSIGNALED(status)) {
      told.why = ProcessEnd::Why::signal;
      told.signal = WTERMSIG(status);
    }
  }
  told.out = std::move(child.out);
  told.err = std::move(child.err);
  return told;
}

Result<std::string> PosixProcess::own_program(const std::string& name) {
  return file_among_modules(name);
}

}  // namespace atlink::posix
