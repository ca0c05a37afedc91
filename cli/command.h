// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <array>
#include <span>
#include <string_view>

/// What a command is: tables for parsing, help and documentation, and one function that runs it.
/// The tables are constants, so that a start costs nothing for commands that do not run.
namespace atlink::cli {

struct Call;

/// An option "--name VALUE" or a flag "--name".
struct OptionSpec {
  /// With both dashes: "--data".
  std::string_view name;
  /// What stands for the value in help, such as "FILE"; empty for a flag.
  std::string_view value;
  /// One line, lower case, no full stop.
  std::string_view help;
  /// May come more than once; each occurrence takes exactly one value.
  bool repeatable = false;
  /// The command line is refused without it.
  bool required = false;

  [[nodiscard]] constexpr bool is_flag() const { return value.empty(); }
};

/// An argument without a dash, found by its place.
struct PositionalSpec {
  /// In capitals: "PATH".
  std::string_view name;
  std::string_view help;
  bool required = true;
};

/// A line to paste, and what it does.
struct Example {
  std::string_view line;
  std::string_view meaning;
};

/// One command of the program. Everything but `run` is plain text for parser, help and man page.
struct Command {
  /// One word or two: "request", "profile set".
  std::string_view name;
  /// One line, lower case, no full stop.
  std::string_view summary;
  /// Sentences for the help page below the synopsis; may be empty.
  std::string_view description;
  std::span<const PositionalSpec> positionals;
  std::span<const OptionSpec> options;
  std::span<const Example> examples;
  /// Carries it out. What fails is reported and turned into an exit code by the caller.
  Status (*run)(Call& call);
};

/// Every command, in the order of help and man page.
[[nodiscard]] std::span<const Command* const> all_commands();

/// Options that every command takes, also in front of the command's name.
[[nodiscard]] std::span<const OptionSpec> global_options();

/// Words such as "profile" that only group commands, with what they are about.
struct CommandGroup {
  std::string_view name;
  std::string_view summary;
};

[[nodiscard]] std::span<const CommandGroup> command_groups();

/// The command of that whole name, or null.
[[nodiscard]] const Command* find_command(std::string_view name);

}  // namespace atlink::cli
