// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/visit.h"

namespace atlink::plugins::sandbox {

/// Changes an answer, where it has to, so that the conditions of the description hold for it.
void fulfil(const AnswerConditions& conditions, const Visit& visit, ServerResponse& response);

/// An answer of that meaning, which the first signal of the description that has it recognises;
/// without one an answer as servers usually give it.
[[nodiscard]] ServerResponse signal_answer(const Product& product,
                                           ResponseSignal::Meaning meaning,
                                           const Visit& visit);

/// Changes an answer so that the first signal of that meaning recognises it; nothing without one.
void add_signal(const Product& product,
                ResponseSignal::Meaning meaning,
                const Visit& visit,
                ServerResponse& response);

}  // namespace atlink::plugins::sandbox
