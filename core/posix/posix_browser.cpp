// SPDX-License-Identifier: Apache-2.0
#include "core/posix/posix_browser.h"

#include "core/posix/spawn.h"
#include "core/posix/system_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <sys/wait.h>

namespace atlink::posix {

namespace {

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
  SpawnActions actions;
  actions.open_nothing(0, O_RDONLY);
  actions.open_nothing(1, O_WRONLY);
  actions.open_nothing(2, O_WRONLY);
  // A browser that outlives us must not hold on to a listener of ours.
  actions.close_the_rest();
  const SpawnAttributes attributes;
  std::vector<std::string> words = command;
  std::vector<char*> arguments = pointers_to(words);
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
