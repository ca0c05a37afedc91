// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/private_key.h"
#include "cli/token_calls.h"

#include <string>
#include <utility>

namespace atlink::cli::commands {

namespace {

constexpr std::int64_t most_days = 36500;

Status run(Call& call) {
  // The answer shows the token, once: whoever does not want to see it must not make it.
  if (!call.arguments.has("--reveal")) {
    return fail(ErrorCode::usage,
                "the server shows a new token once, and it would be printed",
                "add --reveal, and keep what it prints out of logs");
  }
  TemplateValues values{{"name", call.arguments.text("NAME")}};
  if (call.arguments.has("--days")) {
    ATLINK_ASSIGN(const std::int64_t days, call.arguments.integer("--days", 1, most_days, 1));
    values.emplace_back("days", std::to_string(days));
  }
  for (const std::string& text : call.arguments.values("--set")) {
    ATLINK_ASSIGN(values.emplace_back(), split_pair("--set", text));
  }
  return call_for_tokens(call, &TokenRules::create, std::move(values));
}

constexpr std::array positionals{
    PositionalSpec{"NAME", "what the token is called among yours"},
};
constexpr std::array options{
    OptionSpec{"--days", "N", "until it expires, where the product lets you say"},
    OptionSpec{"--set",
               "NAME=VALUE",
               "another parameter of the product's call (atlink plugin show ID)",
               true},
    OptionSpec{"--reveal", "", "the new token may be printed"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink token create build --days 90 --reveal", "a token for a build, for 90 days"},
};

}  // namespace

const Command token_create{"token create",
                           "make a personal access token in the product",
                           "Prints the server's answer, which holds the token. Works with whatever "
                           "the profile signs in by, "
                           "as far as the product lets it.",
                           positionals,
                           options,
                           examples,
                           run};

}  // namespace atlink::cli::commands
