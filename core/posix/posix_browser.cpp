// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_browser.h"

#include "core/posix/system_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <sys/wait.h>

namespace atlink::posix {

namespace {

/// What the child gets as standard streams and what it does not get.
class Actions {
 public:
  Actions() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0);
    // A browser that outlives us must not hold on to a listener of ours.
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
  }

  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A session of its own (Ctrl-C here is not for the browser) and the usual signals.
class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none{};
    sigset_t all{};
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_, flags);
  }

  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  static constexpr short flags =
      POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  posix_spawnattr_t attributes_{};
};

std::vector<char*> harmless_environment() {
  std::vector<char*> kept;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("ATLINK_")) {
      kept.push_back(*variable);
    }
  }
  kept.push_back(nullptr);
  return kept;
}

/// Waits for the child in the background, so that it does not stay as a zombie.
void reap(pid_t child) {
  try {
    std::thread([child] {
      int status = 0;
      while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
    }).detach();
  } catch (const std::system_error&) {
    return;  // no thread to be had: it stays until we end
  }
}

/// 0, or the errno value that says why it did not start.
int start(const std::vector<std::string>& command) {
  const Actions actions;
  const Attributes attributes;
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  std::vector<char*> variables = harmless_environment();
  pid_t child = 0;
  const int number = ::posix_spawnp(&child,
                                    arguments.front(),
                                    actions.get(),
                                    attributes.get(),
                                    arguments.data(),
                                    variables.data());
  if (number == 0) {
    reap(child);
  }
  return number;
}

constexpr std::string_view by_hand = "open the address in a browser yourself";

}  // namespace

Status PosixBrowser::open(const Url& url) {
  const auto commands = browser_commands(environment_, url);
  if (commands.empty()) {
    return fail(ErrorCode::no_browser,
                "there is no desktop session to open a browser in (DISPLAY, WAYLAND_DISPLAY and "
                "BROWSER are not set)",
                std::string(by_hand));
  }
  std::string tried;
  for (const auto& command : commands) {
    const int number = start(command);
    if (number == 0) {
      return {};
    }
    tried += fmt::format("{}{}: {}", tried.empty() ? "" : "; ", command.front(), reason_of(number));
  }
  return fail(ErrorCode::no_browser, "no browser could be started: " + tried, std::string(by_hand));
}

}  // namespace atlink::posix
