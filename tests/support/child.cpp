// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child.h"

#include <cerrno>
#include <csignal>
#include <unistd.h>

#include <sys/wait.h>

namespace atlink::tests {

void forget_handlers() {
  for (const int number : {SIGINT, SIGTERM, SIGILL, SIGFPE, SIGSEGV, SIGABRT}) {
    ::signal(number, SIG_DFL);
  }
}

int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    forget_handlers();
    int outcome = 255;
    try {
      outcome = work();
    } catch (...) {
      outcome = 254;
    }
    ::_exit(outcome);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int as_plain_user(const std::function<int()>& work) {
  return in_child([&work] {
    if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) {
      return skipped;
    }
    return work();
  });
}

}  // namespace atlink::tests
