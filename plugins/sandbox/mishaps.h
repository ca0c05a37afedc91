// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/faults.h"
#include "plugins/sandbox/visit.h"

#include <optional>
#include <vector>

namespace atlink::plugins::sandbox {

/// Gives a visit what faults change about it: the clock, and pages that repeat.
void mislead(const std::vector<Fault>& faults, Visit& visit);

/// The answer that the first fault that has one puts in place of the site's; none where none has.
/// `anonymous` is not among them: it changes the site's own answer.
[[nodiscard]] std::optional<ServerResponse> mishap(const std::vector<Fault>& faults,
                                                   const Product& product,
                                                   const Visit& visit);

/// Whether one of them is of that kind.
[[nodiscard]] bool has(const std::vector<Fault>& faults, Fault::Kind kind);

/// Changes how an answer gets to the visitor: late, slowly, cut short, with a wrong length.
void spoil(const std::vector<Fault>& faults, ServerResponse& response);

}  // namespace atlink::plugins::sandbox
