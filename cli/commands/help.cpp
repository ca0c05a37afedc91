// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include "cli/call.h"
#include "cli/commands/commands.h"

namespace atlink::cli::commands {

namespace {

Status run(Call& call) {
  std::string topic = call.arguments.text("COMMAND");
  if (const auto second = call.arguments.value("SUBCOMMAND")) {
    topic += " " + *second;
  }
  return show_help(call.report, topic);
}

constexpr std::array positionals{
    PositionalSpec{"COMMAND", "a command, or the first word of one", false},
    PositionalSpec{"SUBCOMMAND", "its second word", false},
};
constexpr std::array examples{
    Example{"atlink help", "every command in one line each"},
    Example{"atlink help profile set", "one command with its options and examples"},
};

}  // namespace

const Command help{"help", "show the commands, or one of them", {}, positionals, {}, examples, run};

}  // namespace atlink::cli::commands
