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

constexpr std::string_view open_name = "atlink profile set NAME";

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

// What stands for a name in "atlink profile set NAME", as its place in `text`.
std::size_t place_of_name(std::string_view text) {
  const std::size_t at = text.find(" NAME");
  const bool of_profile = begins_with(text, "profile ") && at != std::string_view::npos &&
                          text.find(' ', sizeof("profile ") - 1) == at;
  return of_profile ? at + 1 : std::string_view::npos;
}

// `command` and what follows up to the next command, with the profile in it.
std::string with_profile(std::string_view command, std::string_view profile) {
  std::string text(command);
  const std::size_t words = words_for_profile(command);
  if (words > 0 && command.find("--profile") == std::string_view::npos) {
    return text.insert(words, fmt::format(" --profile {}", profile));
  }
  if (const std::size_t name = place_of_name(command); name != std::string_view::npos) {
    return text.replace(name, sizeof("NAME") - 1, profile);
  }
  return text;
}

}  // namespace

std::string next_step_of(const Error& error) {
  std::string step(error.next.empty() ? usual_step(exit_code_of(error.code)) : error.next);
  const std::string_view profile = error.fact("profile");
  const std::size_t at = step.find(open_name);
  if (!profile.empty() && profile != environment_profile && at != std::string::npos) {
    step.replace(at + open_name.rfind(' '),
                 open_name.size() - open_name.rfind(' '),
                 fmt::format(" {}", shell_word(profile)));
  }
  return step;
}

std::string next_step_for(std::string_view profile, const Error& error) {
  const std::string usual = next_step_of(error);
  std::string_view rest = usual;
  std::string step;
  while (true) {
    const std::size_t at = rest.find(program);
    step += rest.substr(0, at);
    if (at == std::string_view::npos) {
      return step;
    }
    rest.remove_prefix(at + program.size());
    const std::size_t end = std::min(rest.find(program), rest.size());
    step += program;
    step += with_profile(rest.substr(0, end), profile);
    rest.remove_prefix(end);
  }
}

bool leaves_profile_open(const Error& error) {
  return error.next.find(open_name) != std::string::npos;
}

}  // namespace atlink::cli
