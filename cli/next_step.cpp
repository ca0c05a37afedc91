// SPDX-License-Identifier: Apache-2.0
#include "cli/next_step.h"

#include "cli/exit_code.h"
#include "cli/settings.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace atlink::cli {

namespace {

std::string_view usual_step(ExitCode code) {
  switch (code) {
    case exit_usage:
      return "atlink help COMMAND shows what the command takes";
    case exit_configuration:
      return "mend what the message names; atlink profile show prints what is set";
    case exit_sign_in:
      return "sign in again: atlink login";
    case exit_not_allowed:
      return "ask an administrator of the site, or sign in as somebody who may do this";
    case exit_not_found:
      return "check the path, and what the user may see";
    case exit_refused:
      return "read what the server says in its answer, and compare the request with the "
             "documentation of this address";
    case exit_rate_limited:
      return "wait, then send fewer requests";
    case exit_network:
      return "check host and port of the URL and the network, then try again";
    case exit_server_error:
      return "try again later";
    case exit_interrupted:
      return "run the command again";
    case exit_truncated:
      return "repeat the request if that does no harm";
    default:
      return "run the command again; if it fails in the same way, check what atlink profile show "
             "prints";
  }
}

constexpr std::string_view program = "atlink ";

bool begins_with(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

// The words of a command that takes the chosen profile, at the beginning of `text`.
std::size_t words_for_profile(std::string_view text) {
  constexpr std::array commands{"login",
                                "logout",
                                "status",
                                "renew",
                                "doctor",
                                "request",
                                "sign",
                                "link show",
                                "link check",
                                "link create",
                                "link list",
                                "link remove",
                                "token print",
                                "token create",
                                "token list",
                                "token revoke"};
  for (const std::string_view command : commands) {
    const std::string_view behind = text.substr(std::min(command.size(), text.size()));
    const bool whole = behind.empty() || std::isalnum(static_cast<unsigned char>(behind[0])) == 0;
    if (begins_with(text, command) && whole) {
      return command.size();
    }
  }
  return 0;
}

// Only there NAME means the profile that the error is about.
constexpr std::string_view open_command = "profile set NAME";

std::string with_name(std::string_view command, std::string_view profile) {
  if (!begins_with(command, open_command)) {
    return std::string(command);
  }
  return fmt::format("profile set {}{}", profile, command.substr(open_command.size()));
}

std::string with_profile(std::string_view command, std::string_view profile) {
  const std::size_t words = words_for_profile(command);
  if (words == 0 || command.find("--profile") != std::string_view::npos) {
    return with_name(command, profile);
  }
  return std::string(command).insert(words, fmt::format(" --profile {}", profile));
}

// What `change` makes of each command in a step: behind "atlink ", with what follows up to the
// next.
template <class Change>
std::string change_commands(std::string_view step, Change change) {
  std::string changed;
  while (true) {
    const std::size_t at = step.find(program);
    changed += step.substr(0, at);
    if (at == std::string_view::npos) {
      return changed;
    }
    step.remove_prefix(at + program.size());
    const std::size_t end = std::min(step.find(program), step.size());
    changed += program;
    changed += change(step.substr(0, end));
    step.remove_prefix(end);
  }
}

}  // namespace

std::string next_step_of(const Error& error) {
  const std::string_view step =
      error.next.empty() ? usual_step(exit_code_of(error.code)) : std::string_view(error.next);
  const std::string_view profile = error.fact("profile");
  if (profile.empty() || profile == environment_profile) {
    return std::string(step);
  }
  const std::string name = shell_word(profile);
  return change_commands(step, [&](std::string_view command) { return with_name(command, name); });
}

bool leaves_profile_open(const Error& error) {
  return error.next.find(fmt::format("{}{}", program, open_command)) != std::string::npos;
}

std::string next_step_for(std::string_view profile, const Error& error) {
  return change_commands(next_step_of(error),
                         [&](std::string_view command) { return with_profile(command, profile); });
}

}  // namespace atlink::cli
