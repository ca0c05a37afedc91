// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/call.h"
#include "cli/doctor/evidence.h"

namespace atlink::cli::doctor {

/// What a signed request cannot tell of a consumer that the server does not know: whether its link
/// is there, as an administrator sees it. Asks only where the run names one, and puts what it
/// finds, or why it found nothing, into the evidence.
void ask_administrator(const Call& call, Evidence& evidence);

}  // namespace atlink::cli::doctor
