// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/doctor/evidence.h"

namespace atlink::cli::doctor {

/// What this machine says: profile, description, files, keys, sign-in. None is given where there is
/// not enough to ask the server; `evidence` then says why.
[[nodiscard]] std::optional<Session> look_around(const Call& call, Evidence& evidence);

}  // namespace atlink::cli::doctor
