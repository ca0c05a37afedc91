// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include "atlink/text.h"
#include "cli/layout.h"
#include "cli/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace atlink::cli {

namespace {

using Rows = std::vector<std::pair<std::string, std::string_view>>;

constexpr std::size_t indent = 2;
constexpr std::size_t widest_left = 26;

// "  left  right", with the right side wrapped and, where the left is long, on a line of its own.
std::string two_columns(const Rows& rows) {
  std::size_t width = 0;
  for (const auto& [left, right] : rows) {
    width = std::max(width, left.size() <= widest_left ? left.size() : 0);
  }
  const std::size_t second = indent + width + 2;
  std::string text;
  for (const auto& [left, right] : rows) {
    const std::string wrapped = wrap(right, second);
    if (left.size() <= width) {
      text += fmt::format("  {:<{}}{}", left, second - indent, wrapped.substr(second));
    } else {
      text += fmt::format("  {}\n{}", left, wrapped);
    }
  }
  return text;
}

Rows rows_of(std::span<const OptionSpec> options) {
  Rows rows;
  for (const OptionSpec& option : options) {
    rows.emplace_back(fmt::format("{}{}{}{}",
                                  option.name,
                                  option.is_flag() ? "" : " ",
                                  option.value,
                                  option.repeatable ? " …" : ""),
                      option.help);
  }
  return rows;
}

Rows rows_of_commands(std::string_view group) {
  Rows rows;
  for (const Command* command : all_commands()) {
    if (group.empty() || command->name.substr(0, command->name.find(' ')) == group) {
      rows.emplace_back(std::string(command->name), command->summary);
    }
  }
  return rows;
}

std::string examples_of(const Command& command) {
  std::string text;
  for (const Example& example : command.examples) {
    text += fmt::format("  {}\n      {}\n", example.line, example.meaning);
  }
  return text;
}

tl::unexpected<Error> no_such_topic(std::string_view topic) {
  std::vector<std::string_view> names;
  for (const CommandGroup& group : command_groups()) {
    names.push_back(group.name);
  }
  for (const Command* command : all_commands()) {
    names.push_back(command->name);
  }
  const auto meant = nearest(topic, names);
  return fail(ErrorCode::usage,
              fmt::format("there is no command {}", printable(topic, 80)),
              meant ? fmt::format("did you mean atlink help {}?", *meant) : "atlink help");
}

json::Value to_json(const OptionSpec& option) {
  json::Value object;
  object.set("name", option.name);
  object.set("value", option.is_flag() ? json::Value() : json::Value(option.value));
  object.set("help", option.help);
  object.set("repeatable", option.repeatable);
  object.set("required", option.required);
  return object;
}

json::Array to_json(std::span<const OptionSpec> options) {
  json::Array list;
  for (const OptionSpec& option : options) {
    list.push_back(to_json(option));
  }
  return list;
}

json::Value list_of_commands(std::string_view group) {
  json::Array commands;
  for (const auto& [name, summary] : rows_of_commands(group)) {
    json::Value each;
    each.set("name", name);
    each.set("summary", summary);
    commands.push_back(std::move(each));
  }
  json::Value object;
  object.set("commands", std::move(commands));
  object.set("options", to_json(global_options()));
  return object;
}

}  // namespace

std::string synopsis(const Command& command) {
  std::string line = fmt::format("atlink {}", command.name);
  for (const PositionalSpec& positional : command.positionals) {
    line += positional.required ? fmt::format(" {}", positional.name)
                                : fmt::format(" [{}]", positional.name);
  }
  for (const OptionSpec& option : command.options) {
    if (option.required) {
      line += fmt::format(" {} {}", option.name, option.value);
    }
  }
  return line + " [OPTIONS]";
}

std::string help_of_program() {
  return "atlink signs in to a product and sends signed requests.\n\n"
         "usage: atlink COMMAND [OPTIONS]\n\ncommands:\n" +
         two_columns(rows_of_commands({})) + "\noptions of every command:\n" +
         two_columns(rows_of(global_options())) +
         "\natlink help COMMAND shows a command with examples.\n";
}

std::string help_of_group(const CommandGroup& group) {
  return fmt::format("{}\n\nusage: atlink {} COMMAND [OPTIONS]\n\ncommands:\n{}",
                     group.summary,
                     group.name,
                     two_columns(rows_of_commands(group.name)));
}

std::string help_of_command(const Command& command) {
  std::string text = fmt::format("{}\n\nusage: {}\n", command.summary, synopsis(command));
  if (!command.description.empty()) {
    text += fmt::format("\n{}", wrap(command.description, 0));
  }
  Rows positionals;
  for (const PositionalSpec& positional : command.positionals) {
    positionals.emplace_back(std::string(positional.name), positional.help);
  }
  if (!positionals.empty()) {
    text += "\narguments:\n" + two_columns(positionals);
  }
  if (!command.options.empty()) {
    text += "\noptions:\n" + two_columns(rows_of(command.options));
  }
  text += "\noptions of every command:\n" + two_columns(rows_of(global_options()));
  if (!command.examples.empty()) {
    text += "\nexamples:\n" + examples_of(command);
  }
  return text;
}

json::Value to_json(const Command& command) {
  json::Value object;
  object.set("name", command.name);
  object.set("summary", command.summary);
  object.set("synopsis", synopsis(command));
  json::Array positionals;
  for (const PositionalSpec& positional : command.positionals) {
    json::Value each;
    each.set("name", positional.name);
    each.set("help", positional.help);
    each.set("required", positional.required);
    positionals.push_back(std::move(each));
  }
  object.set("positionals", std::move(positionals));
  object.set("options", to_json(command.options));
  json::Array examples;
  for (const Example& example : command.examples) {
    json::Value each;
    each.set("line", example.line);
    each.set("meaning", example.meaning);
    examples.push_back(std::move(each));
  }
  object.set("examples", std::move(examples));
  return object;
}

Status show_help(Report& report, std::string_view topic) {
  const Command* const command = find_command(topic);
  if (command != nullptr) {
    return report.json() ? report.document(to_json(*command))
                         : report.bytes(help_of_command(*command));
  }
  const auto groups = command_groups();
  const auto group = std::find_if(
      groups.begin(), groups.end(), [topic](const auto& each) { return each.name == topic; });
  if (group == groups.end() && !topic.empty()) {
    return no_such_topic(topic);
  }
  if (report.json()) {
    return report.document(list_of_commands(topic));
  }
  return report.bytes(topic.empty() ? help_of_program() : help_of_group(*group));
}

}  // namespace atlink::cli
