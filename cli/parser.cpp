// SPDX-License-Identifier: Apache-2.0
#include "cli/parser.h"

#include "atlink/text.h"
#include "cli/suggest.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink::cli {

namespace {

constexpr std::string_view help_flag = "--help";
constexpr std::string_view version_flag = "--version";

// What one pass of CLI11 works on: the options and positionals that may stand there.
struct Grammar {
  std::vector<const OptionSpec*> options;
  std::vector<const PositionalSpec*> positionals;

  [[nodiscard]] const OptionSpec* find(std::string_view name) const {
    const auto found = std::find_if(
        options.begin(), options.end(), [name](const auto* each) { return each->name == name; });
    return found == options.end() ? nullptr : *found;
  }
};

bool has_own(const Command& command, std::string_view name) {
  return std::any_of(command.options.begin(), command.options.end(), [name](const auto& each) {
    return each.name == name;
  });
}

Grammar grammar_of(const Command* command) {
  Grammar grammar;
  for (const OptionSpec& option : global_options()) {
    // One that a command has of its own stands there for that.
    if (command == nullptr || !has_own(*command, option.name)) {
      grammar.options.push_back(&option);
    }
  }
  if (command != nullptr) {
    for (const OptionSpec& option : command->options) {
      grammar.options.push_back(&option);
    }
    for (const PositionalSpec& positional : command->positionals) {
      grammar.positionals.push_back(&positional);
    }
  }
  return grammar;
}

void register_option(CLI::App& app, const OptionSpec& spec) {
  std::string name(spec.name);
  if (spec.name == help_flag) {
    name = "-h," + name;
  }
  if (spec.is_flag()) {
    app.add_flag(name)->disable_flag_override();
    return;
  }
  // Without allow_extra_args(false) the option would swallow what follows and take "[1,2]" apart.
  app.add_option(name)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void register_all(CLI::App& app, const Grammar& grammar) {
  app.set_help_flag();
  for (const OptionSpec* option : grammar.options) {
    register_option(app, *option);
  }
  for (const PositionalSpec* positional : grammar.positionals) {
    app.add_option(std::string(positional->name))->expected(1)->allow_extra_args(false);
  }
}

// CLI11 takes "--data=" for "--data" and the next argument for its value: written apart here, so
// that an empty value stays one.
std::vector<std::string> empty_values_apart(const std::vector<std::string>& arguments,
                                            const Grammar& grammar) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& each = arguments[i];
    result.push_back(each);
    if (each == "--") {
      result.insert(
          result.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    const OptionSpec* const whole = grammar.find(each);
    if (whole != nullptr && !whole->is_flag() && i + 1 < arguments.size()) {
      result.push_back(arguments[++i]);
      continue;
    }
    const bool empty_value = each.size() > 3 && each.back() == '=';
    const OptionSpec* const option =
        empty_value ? grammar.find(std::string_view(each).substr(0, each.size() - 1)) : nullptr;
    if (option != nullptr && !option->is_flag()) {
      result.back().pop_back();
      result.emplace_back();
    }
  }
  return result;
}

tl::unexpected<Error> usage_error(const Command* command, std::string message, std::string next) {
  if (next.empty()) {
    next = command == nullptr ? "atlink help" : fmt::format("atlink help {}", command->name);
  }
  return fail(ErrorCode::usage, std::move(message), std::move(next));
}

// The one thing that ends CLI11's own pass: an option at the end without its value, or a flag that
// was given one.
tl::unexpected<Error> mismatch(const Command* command,
                               const Grammar& grammar,
                               const std::vector<std::string>& arguments,
                               const CLI::Error& problem) {
  const OptionSpec* const last = arguments.empty() ? nullptr : grammar.find(arguments.back());
  if (last != nullptr && !last->is_flag()) {
    return usage_error(command, fmt::format("{} needs a value ({})", last->name, last->value), {});
  }
  return usage_error(command, printable(problem.what()), {});
}

// What other programs take a secret by. Here it would stand in the list of processes.
bool gives_secret(std::string_view option) {
  constexpr std::array names{"--secret",
                             "--token",
                             "--password",
                             "--passphrase",
                             "--api-token",
                             "--client-secret",
                             "--consumer-secret",
                             "--access-token"};
  return std::find(names.begin(), names.end(), option) != names.end();
}

tl::unexpected<Error> unknown(const Command* command,
                              const Grammar& grammar,
                              const std::string& argument) {
  if (argument.size() < 2 || argument.front() != '-') {
    return usage_error(
        command, fmt::format("\"{}\" is more than this takes", printable(argument, 80)), {});
  }
  const std::string name = argument.substr(0, argument.find('='));
  std::vector<std::string_view> names;
  for (const OptionSpec* option : grammar.options) {
    names.push_back(option->name);
  }
  if (gives_secret(name)) {
    return usage_error(
        command,
        fmt::format("there is no option {}: others can read what stands in a command line", name),
        "give it to atlink login by a prompt, by --secret-file FILE (-: standard input), or in "
        "ATLINK_TOKEN, ATLINK_PASSWORD or ATLINK_CLIENT_SECRET");
  }
  const auto meant = nearest(name, names);
  return usage_error(command,
                     fmt::format("there is no option {}", printable(name, 80)),
                     meant ? fmt::format("did you mean {}?", *meant) : std::string());
}

Status take_options(const CLI::App& app,
                    const Command* command,
                    const Grammar& grammar,
                    Arguments& into) {
  for (const OptionSpec* option : grammar.options) {
    const CLI::Option* const given = app.get_option(std::string(option->name));
    if (option->is_flag()) {
      if (given->count() > 0) {
        into.add(option->name, "true");
      }
      continue;
    }
    const bool before = into.has(option->name);
    if (!option->repeatable && given->count() + (before ? 1 : 0) > 1) {
      return usage_error(command, fmt::format("{} is given more than once", option->name), {});
    }
    for (const std::string& value : given->results()) {
      into.add(option->name, value);
    }
  }
  return {};
}

void take_positionals(const CLI::App& app, const Grammar& grammar, Arguments& into) {
  for (const PositionalSpec* positional : grammar.positionals) {
    for (const std::string& value : app.get_option(std::string(positional->name))->results()) {
      into.add(positional->name, value);
    }
  }
}

// One pass over `arguments`, which must all be known.
Status pass(const Command* command, const std::vector<std::string>& arguments, Arguments& into) {
  const Grammar grammar = grammar_of(command);
  CLI::App app;
  register_all(app, grammar);
  app.allow_extras();
  std::vector<std::string> reversed = empty_values_apart(arguments, grammar);
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::Error& problem) {
    return mismatch(command, grammar, arguments, problem);
  }
  ATLINK_CHECK(take_options(app, command, grammar, into));
  take_positionals(app, grammar, into);
  std::vector<std::string> rest = app.remaining();
  if (const auto mark = std::find(rest.begin(), rest.end(), "--"); mark != rest.end()) {
    rest.erase(mark);
  }
  if (!rest.empty()) {
    return unknown(command, grammar, rest.front());
  }
  return {};
}

Status check_required(const Command& command, const Arguments& arguments) {
  for (const PositionalSpec& positional : command.positionals) {
    if (positional.required && !arguments.has(positional.name)) {
      return usage_error(
          &command, fmt::format("{} is missing: {}", positional.name, positional.help), {});
    }
  }
  for (const OptionSpec& option : command.options) {
    if (option.required && !arguments.has(option.name)) {
      return usage_error(
          &command,
          fmt::format("{} {} is missing: {}", option.name, option.value, option.help),
          {});
    }
  }
  return {};
}

// Where the command's name stands, behind global options and their values.
std::size_t command_index(const std::vector<std::string>& arguments) {
  const Grammar grammar = grammar_of(nullptr);
  std::size_t i = 0;
  while (i < arguments.size() && arguments[i].size() > 1 && arguments[i].front() == '-') {
    const std::string& each = arguments[i++];
    if (each == "--") {
      break;
    }
    const OptionSpec* const option = grammar.find(each);
    i += option != nullptr && !option->is_flag() ? 1 : 0;
  }
  return std::min(i, arguments.size());
}

bool is_group(std::string_view word) {
  const auto groups = command_groups();
  return std::any_of(
      groups.begin(), groups.end(), [word](const auto& group) { return group.name == word; });
}

tl::unexpected<Error> no_such_command(const std::string& typed, std::string_view group) {
  std::vector<std::string_view> names;
  std::string list;
  for (const Command* command : all_commands()) {
    if (group.empty() || command->name.substr(0, command->name.find(' ')) == group) {
      names.push_back(command->name);
      list += fmt::format("{}{}", list.empty() ? "" : ", ", command->name);
    }
  }
  for (const CommandGroup& each : command_groups()) {
    names.push_back(each.name);
  }
  const auto meant = nearest(typed, names);
  const std::string next = meant && *meant != typed ? fmt::format("did you mean atlink {}?", *meant)
                           : group.empty()          ? std::string("atlink help")
                                                    : fmt::format("one of: {}", list);
  if (typed == group) {
    return usage_error(nullptr, fmt::format("{} is not a command by itself", typed), next);
  }
  return usage_error(nullptr, fmt::format("there is no command {}", printable(typed, 80)), next);
}

bool asks_for_help(const std::string& argument) {
  return argument == help_flag || argument == "-h";
}

// Takes the one or two words of a command's name from the front of `rest`.
Result<const Command*> take_command(std::vector<std::string>& rest, Arguments& into) {
  std::string name = rest.front();
  rest.erase(rest.begin());
  const std::string group = is_group(name) ? name : std::string();
  if (!group.empty()) {
    if (std::any_of(rest.begin(), rest.end(), asks_for_help) &&
        (rest.front().empty() || rest.front().front() == '-')) {
      into.help = true;
      into.topic = name;
      return nullptr;
    }
    if (!rest.empty() && (rest.front().empty() || rest.front().front() != '-')) {
      name += " " + rest.front();
      rest.erase(rest.begin());
    }
  }
  const Command* const command = find_command(name);
  if (command == nullptr) {
    return no_such_command(name, group);
  }
  into.topic = name;
  return command;
}

}  // namespace

Result<Arguments> parse(const std::vector<std::string>& arguments) {
  Arguments result;
  const auto command = arguments.begin() + static_cast<std::ptrdiff_t>(command_index(arguments));
  ATLINK_CHECK(pass(nullptr, {arguments.begin(), command}, result));
  std::vector<std::string> rest(command, arguments.end());
  result.help = result.has(help_flag);
  result.version = result.has(version_flag);
  if (rest.empty() || result.version) {
    return result;
  }
  ATLINK_ASSIGN(result.command, take_command(rest, result));
  if (result.command == nullptr || result.help) {
    return result;
  }
  ATLINK_CHECK(pass(result.command, rest, result));
  result.help = result.has(help_flag);
  result.version = result.has(version_flag);
  if (!result.help && !result.version) {
    ATLINK_CHECK(check_required(*result.command, result));
  }
  return result;
}

}  // namespace atlink::cli
