// SPDX-License-Identifier: Apache-2.0
#include "cli/next_step.h"

#include "cli/exit_code.h"

namespace atlink::cli {

namespace {

std::string_view usual_step(ExitCode code) {
  switch (code) {
    case exit_usage:
      return "atlink help COMMAND shows what the command takes";
    case exit_configuration:
      return "mend what the message names; atlink profile show prints what is set";
    case exit_sign_in:
      return "sign in again: atlink login";
    case exit_not_allowed:
      return "ask an administrator of the site, or sign in as somebody who may do this";
    case exit_not_found:
      return "check the path, and what the user may see";
    case exit_refused:
      return "read what the server says in its answer, and compare the request with the "
             "documentation of this address";
    case exit_rate_limited:
      return "wait, then send fewer requests";
    case exit_network:
      return "check host and port of the URL and the network, then try again";
    case exit_server_error:
      return "try again later";
    case exit_interrupted:
      return "run the command again";
    case exit_truncated:
      return "repeat the request if that does no harm";
    default:
      return "run the command again; if it fails in the same way, check what atlink profile show "
             "prints";
  }
}

}  // namespace

std::string_view next_step_of(const Error& error) {
  return error.next.empty() ? usual_step(exit_code_of(error.code)) : std::string_view(error.next);
}

}  // namespace atlink::cli
