// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/private_key.h"
#include "cli/token_calls.h"

namespace atlink::cli::commands {

namespace {

Status run(Call& call) {
  return call_for_tokens(call, &TokenRules::revoke, {{"token", call.arguments.text("ID")}});
}

constexpr std::array positionals{
    PositionalSpec{"ID", "of the token, as atlink token list shows it"},
};
constexpr std::array options{passphrase_option};
constexpr std::array examples{
    Example{"atlink token revoke 17", "take one token back"},
};

}  // namespace

const Command token_revoke{"token revoke",
                           "take a personal access token of the product back",
                           "The one that the profile signs in with, too, if it is that one.",
                           positionals,
                           options,
                           examples,
                           run};

}  // namespace atlink::cli::commands
