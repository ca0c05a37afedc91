// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/private_key.h"
#include "cli/token_calls.h"

namespace atlink::cli::commands {

namespace {

Status run(Call& call) {
  return call_for_tokens(call, &TokenRules::list, {});
}

constexpr std::array options{passphrase_option};
constexpr std::array examples{
    Example{"atlink token list", "names, ids and ends of the own tokens"},
};

}  // namespace

const Command token_list{
    "token list",
    "list the own personal access tokens of the product",
    "Prints the server's answer. No product shows the tokens themselves again.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
