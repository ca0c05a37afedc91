// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "cli/call.h"

#include <string>
#include <vector>

/// Commands that a command is made of, run as if they had been typed.
namespace atlink::cli {

/// What becomes of the talk of an inner command. Its data is always kept.
enum class InnerTalk {
  shown,   ///< a person follows it
  dropped  ///< what matters is said by the outer command
};

/// Runs a command line (without the program's name) with the global options of `call`, and gives
/// the document that it prints with `--output json`. Fails as the command does.
[[nodiscard]] Result<json::Value> run_inner(const Call& call,
                                            std::vector<std::string> words,
                                            InnerTalk talk = InnerTalk::dropped);

/// The same for a person to read: data goes to standard output, talk to standard error.
[[nodiscard]] Status run_inner_shown(const Call& call, std::vector<std::string> words);

/// A command line in the words of `run_inner`, for a shell.
[[nodiscard]] std::string command_line(const std::vector<std::string>& words);

}  // namespace atlink::cli
