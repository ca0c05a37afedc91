// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/operation.h"
#include "atlink/result.h"
#include "atlink/sign_in.h"
#include "cli/call.h"

#include <string>

/// A product's own calls for personal access tokens.
namespace atlink::cli {

/// Carries out the operation that the description names at `which`, and prints the answer's body as
/// it comes. A parameter "user" that is not given is who is signed in. Fails with
/// `method_unavailable` where the product has no such operation, and like `fill_in` and `send`.
[[nodiscard]] Status call_for_tokens(Call& call,
                                     std::string TokenRules::*which,
                                     TemplateValues values);

}  // namespace atlink::cli
