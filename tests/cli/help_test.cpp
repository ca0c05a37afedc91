// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include "cli/command.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

TEST_CASE("help: the page of the program names every command") {
  Program program;
  CHECK(program.run({"help"}) == 0);
  for (const cli::Command* command : cli::all_commands()) {
    CAPTURE(command->name);
    CHECK(holds(program.out, "\n  " + std::string(command->name) + " "));
    CHECK(holds(program.out, command->summary));
  }
  const std::string page = program.out;
  CHECK(program.run({"--help"}) == 0);
  CHECK(program.out == page);
}

TEST_CASE("help: each command has a page with its options and examples, under --help too") {
  Program program;
  for (const cli::Command* command : cli::all_commands()) {
    CAPTURE(command->name);
    std::vector<std::string> words;
    for (std::string_view rest = command->name; !rest.empty();) {
      words.emplace_back(rest.substr(0, rest.find(' ')));
      rest.remove_prefix(std::min(rest.size(), words.back().size() + 1));
    }
    std::vector<std::string> line = words;
    line.insert(line.begin(), "help");
    CHECK(program.run(line) == 0);
    const std::string page = program.out;
    words.emplace_back("--help");
    CHECK(program.run(words) == 0);
    CHECK(program.out == page);
    CHECK(holds(page, cli::synopsis(*command)));
    CHECK_FALSE(command->examples.empty());
    for (const cli::Example& example : command->examples) {
      CHECK(holds(page, example.line));
      CHECK(example.line.substr(0, 7) == "atlink ");
    }
    for (const cli::OptionSpec& option : command->options) {
      CHECK(holds(page, option.name));
    }
  }
}

TEST_CASE("help: lines fit a terminal, but for what is there to be pasted") {
  Program program;
  for (const cli::Command* command : cli::all_commands()) {
    const std::string page = cli::help_of_command(*command);
    const std::string_view before = std::string_view(page).substr(0, page.find("\nexamples:"));
    std::size_t begin = 0;
    while (begin < before.size()) {
      const std::size_t end = std::min(before.find('\n', begin), before.size());
      CAPTURE(before.substr(begin, end - begin));
      CHECK(end - begin <= 86);
      begin = end + 1;
    }
  }
}

TEST_CASE("help: a group shows its commands, and an unknown topic the nearest one") {
  Program program;
  CHECK(program.run({"help", "profile"}) == 0);
  CHECK(holds(program.out, "profile set"));
  CHECK_FALSE(holds(program.out, "plugin list"));
  CHECK(program.run({"help", "proflie"}) == 2);
  CHECK(holds(program.err, "did you mean atlink help profile?"));
}

TEST_CASE("help: as data it lists options and examples") {
  Program program;
  const json::Value command = program.run_json({"help", "keygen"});
  CHECK(text_at(command, "/name") == "keygen");
  CHECK(holds(program.out, "--bits"));
  const json::Value all = program.run_json({"help"});
  REQUIRE(all.find("commands") != nullptr);
  CHECK(all.find("commands")->as_array()->size() == cli::all_commands().size());
}

TEST_CASE("no command: the page goes to standard error and the line is refused") {
  Program program;
  CHECK(program.run({}) == 2);
  CHECK(program.out.empty());
  CHECK(holds(program.err, "usage: atlink COMMAND"));
}

TEST_CASE("version: one line, and no file is touched") {
  Program program;
  CHECK(program.run({"version"}) == 0);
  CHECK(program.out.substr(0, 7) == "atlink ");
  CHECK(program.out.back() == '\n');
  const std::string line = program.out;
  CHECK(program.run({"--version"}) == 0);
  CHECK(program.out == line);
  CHECK("atlink " + text_at(program.run_json({"version"}), "/version") + "\n" == line);
  CHECK(program.run({"help"}) == 0);
  CHECK(program.files.calls() == 0);
}

TEST_CASE("output: anything but json and table is refused, as the format that was meant") {
  Program program;
  CHECK(program.run({"version", "--output", "xml"}) == 2);
  CHECK(program.err ==
        "atlink: --output takes json or table, not \"xml\"\n  next: atlink help version\n");
  CHECK(program.run({"version", "--output", "table"}) == 0);
  CHECK(text_at(program.run_json({"nonsense"}, 2), "/code") == "usage");
  CHECK(program.out.empty());
}

TEST_CASE("a closed output ends a command with 141 and without a word") {
  Program program;
  program.out_closed = true;
  CHECK(program.run({"help"}) == 141);
  CHECK(program.err.empty());
}

TEST_SUITE_END();
