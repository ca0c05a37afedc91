// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <string_view>

namespace atlink::oauth1 {

/// A word of oauth_problem (the Problem Reporting extension of OAuth 1.0) and what helps against
/// it.
struct ProblemWord {
  std::string_view word;
  ErrorCode code{};
  /// A sentence for the person: the cause that is found most often first.
  std::string_view next;
};

/// The entry of a word; for anything else the entry of `oauth1_problem_other`, whose word is empty.
[[nodiscard]] const ProblemWord& problem_word(std::string_view word);

/// The entry of a code; `oauth1_problem_other` where the code is of another area.
[[nodiscard]] const ProblemWord& problem_word(ErrorCode code);

}  // namespace atlink::oauth1
