// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "cli/command.h"
#include "cli/report.h"

#include <string>
#include <string_view>

namespace atlink::cli {

/// The program's page: every command with its summary.
[[nodiscard]] std::string help_of_program();

/// A group's page: its commands.
[[nodiscard]] std::string help_of_group(const CommandGroup& group);

/// A command's page: synopsis, options, examples.
[[nodiscard]] std::string help_of_command(const Command& command);

/// "atlink request METHOD PATH [OPTIONS]".
[[nodiscard]] std::string synopsis(const Command& command);

/// A command as data: name, summary, positionals, options, examples.
[[nodiscard]] json::Value to_json(const Command& command);

/// Prints the page for "", a group's name or a command's name; with `--output json` as data. Fails
/// with `usage` for anything else.
[[nodiscard]] Status show_help(Report& report, std::string_view topic);

}  // namespace atlink::cli
