// SPDX-License-Identifier: Apache-2.0
#include "cli/system_app.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <signal.h>
#include <unistd.h>

namespace atlink::cli {

namespace {

constexpr std::size_t largest_path = std::size_t{64} << 10;

// What a signal calls while `until_signalled` runs. A handler can reach nothing but globals.
const std::function<void()>* stop_now = nullptr;
volatile sig_atomic_t last_signal = 0;

void on_signal(int number) {
  last_signal = number;
  if (stop_now != nullptr) {
    (*stop_now)();
  }
}

struct sigaction install(int number, const struct sigaction& action) {
  struct sigaction before {};

  ::sigaction(number, &action, &before);
  return before;
}

// "/prefix/bin/../share/x" → "/prefix/share/x"; the text alone, as CMake wrote it.
std::string joined(std::string folder, std::string_view relative) {
  while (relative.substr(0, 3) == "../") {
    relative.remove_prefix(3);
    folder.erase(std::min(folder.size(), folder.rfind('/')));
  }
  return fmt::format("{}/{}", folder, relative);
}

}  // namespace

Status DescriptorOutput::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return fail(ErrorCode::output_closed, "nobody reads the output any more");
    } else if (errno != EINTR) {
      return fail(ErrorCode::file_io,
                  fmt::format("cannot write to standard {}: {}",
                              descriptor_ == STDERR_FILENO ? "error" : "output",
                              std::strerror(errno)),
                  "see where it leads to, and run the command again");
    }
  }
  return {};
}

Result<std::string> SystemSurroundings::working_folder() {
  std::string path(PATH_MAX, '\0');
  while (::getcwd(path.data(), path.size()) == nullptr) {
    if (errno != ERANGE || path.size() > largest_path) {
      return fail(ErrorCode::file_not_found,
                  fmt::format("the working directory cannot be named: {}", std::strerror(errno)));
    }
    path.resize(path.size() * 2);
  }
  path.resize(std::strlen(path.c_str()));
  return path;
}

Result<std::string> SystemSurroundings::installed_plugins() {
  std::string path(PATH_MAX, '\0');
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0 || static_cast<std::size_t>(length) == path.size()) {
    return fail(ErrorCode::module_missing,
                "the program cannot find out where it lies, so not where its plugins are",
                "name their folder with --plugin-dir");
  }
  path.resize(static_cast<std::size_t>(length));
  return joined(path.substr(0, path.rfind('/')), ATLINK_PRODUCTS_FROM_BIN);
}

Status SystemSurroundings::until_signalled(const std::function<Status()>& work,
                                           const std::function<void()>& stop) {
  stop_now = &stop;

  struct sigaction action {};

  action.sa_handler = on_signal;
  const struct sigaction interrupt = install(SIGINT, action);
  const struct sigaction terminate = install(SIGTERM, action);
  const struct sigaction hang_up = install(SIGHUP, action);
  if (hang_up.sa_handler == SIG_IGN) {
    // As nohup wants it.
    install(SIGHUP, hang_up);
  }
  Status outcome = work();
  install(SIGINT, interrupt);
  install(SIGTERM, terminate);
  install(SIGHUP, hang_up);
  stop_now = nullptr;
  if (!outcome && outcome.error().code == ErrorCode::cancelled && last_signal != 0) {
    return fail(std::move(outcome).error().with("signal", std::to_string(last_signal)));
  }
  return outcome;
}

}  // namespace atlink::cli
