// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/interaction.h"
#include "cli/session.h"

/// What a browser shows when it has brought the answer of a sign-in.
namespace atlink::cli {

/// The page after a sign-in that ended like this: who is signed in, or what went wrong and what to
/// do next, in the words of the terminal.
[[nodiscard]] CallbackListener::Page page_after(const Status& outcome,
                                                const std::string& profile,
                                                const std::string& base_url,
                                                const std::string& user);

}  // namespace atlink::cli
