// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

namespace atlink::cli {

/// What the program's exit code says. A contract with scripts: never renumbered, only appended.
enum ExitCode : int {
  exit_done = 0,
  exit_failed = 1,           ///< anything that has no number of its own
  exit_usage = 2,            ///< the command line is wrong; nothing was done
  exit_configuration = 3,    ///< a setting, key file or plugin is wrong
  exit_sign_in = 4,          ///< no credential, or one that no longer counts
  exit_not_allowed = 5,      ///< signed in, but not allowed; also consent denied
  exit_not_found = 6,        ///< no such thing on the server, or hidden
  exit_refused = 7,          ///< the server refuses it as invalid or conflicting
  exit_rate_limited = 8,     ///< still limited after the retries
  exit_network = 9,          ///< network or TLS: no byte of an answer
  exit_server_error = 10,    ///< the server failed
  exit_truncated = 11,       ///< bytes of an answer arrived, but not all
  exit_expires_soon = 12,    ///< the credential ends soon (only where asked)
  exit_interrupted = 130,    ///< 128 + SIGINT
  exit_output_closed = 141,  ///< 128 + SIGPIPE: nobody reads what is printed
};

/// The exit code of a kind of failure. The one place that decides it.
[[nodiscard]] ExitCode exit_code_of(ErrorCode code);

/// The same for one failure: `cancelled` with the fact {"signal", n} is 128 + n.
[[nodiscard]] int exit_code_of(const Error& error);

}  // namespace atlink::cli
