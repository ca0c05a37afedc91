// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/credential.h"
#include "cli/call.h"

/// What every way to a new credential ends with.
namespace atlink::cli {

/// Asks the server who the credential is for, and writes that down in it. A token that the server
/// does not know again is no credential, and fails. That the server could not be asked just now is
/// no reason to throw away what it has issued: a warning.
[[nodiscard]] Status try_out(const Call& call, Connection connection, Credential& credential);

}  // namespace atlink::cli
