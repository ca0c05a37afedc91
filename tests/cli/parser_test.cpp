// SPDX-License-Identifier: Apache-2.0
#include "cli/parser.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using cli::Arguments;

namespace {

Arguments parsed(const std::vector<std::string>& line) {
  auto result = cli::parse(line);
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  return *result;
}

Error refused(const std::vector<std::string>& line) {
  auto result = cli::parse(line);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::usage);
  return result.error();
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("parser: a command, its positionals and options in any order") {
  const Arguments given = parsed({"request", "--include", "GET", "--query", "a=b", "/x"});
  REQUIRE(given.command != nullptr);
  CHECK(given.command->name == "request");
  CHECK(given.text("METHOD") == "GET");
  CHECK(given.text("PATH") == "/x");
  CHECK(given.has("--include"));
  CHECK_FALSE(given.has("--data"));
}

TEST_CASE("parser: a repeatable option takes one value per occurrence, wherever it stands") {
  CHECK(parsed({"request", "--query", "a=1", "GET", "--query", "b=2", "/x"}).values("--query") ==
        Texts{"a=1", "b=2"});
  const Arguments last = parsed({"request", "GET", "/x", "--query", "a=1", "--query", "b=2"});
  CHECK(last.values("--query") == Texts{"a=1", "b=2"});
  const Arguments first = parsed({"request", "--form", "a=1", "--form=b=2", "POST", "/x"});
  CHECK(first.values("--form") == Texts{"a=1", "b=2"});
  CHECK(first.text("METHOD") == "POST");
  CHECK(first.text("PATH") == "/x");
}

TEST_CASE("parser: empty values stay empty values") {
  CHECK(parsed({"request", "POST", "/x", "--data", ""}).value("--data") == "");
  CHECK(parsed({"request", "POST", "/x", "--data="}).value("--data") == "");
  const Arguments given = parsed({"request", "--data=", "POST", "/x"});
  CHECK(given.value("--data") == "");
  CHECK(given.text("METHOD") == "POST");
  CHECK(parsed({"request", "GET", "", "--query", "k="}).value("PATH") == "");
  CHECK(parsed({"request", "GET", "/x", "--query", "k="}).values("--query") == Texts{"k="});
  CHECK(parsed({"request", "GET", "/x", "--query=k="}).values("--query") == Texts{"k="});
}

TEST_CASE("parser: a value may look like an option, a number, a list or a command") {
  for (const char* value : {"-1",
                            "--",
                            "--query",
                            "--query=",
                            "-h",
                            "--help",
                            "[1,2]",
                            "[]",
                            "{}",
                            "{\"a\":[1]}",
                            "status",
                            "%",
                            " ",
                            "a b",
                            "=",
                            "@",
                            "-"}) {
    CAPTURE(value);
    const Arguments given = parsed({"request", "POST", "--data", value, "/x"});
    CHECK(given.value("--data") == value);
    CHECK(given.text("PATH") == "/x");
    CHECK_FALSE(given.help);
    CHECK(parsed({"request", "POST", std::string("--data=") + value, "/x"}).value("--data") ==
          value);
  }
}

TEST_CASE("parser: words of other commands are ordinary values") {
  const Arguments given = parsed({"request", "status", "help"});
  CHECK(given.command->name == "request");
  CHECK(given.text("METHOD") == "status");
  CHECK(given.text("PATH") == "help");
  CHECK(parsed({"profile", "show", "list"}).text("NAME") == "list");
}

TEST_CASE("parser: two dashes end the options") {
  const Arguments given = parsed({"request", "--include", "--", "GET", "--data"});
  CHECK(given.text("PATH") == "--data");
  CHECK_FALSE(given.has("--data"));
  CHECK(parsed({"request", "GET", "--", "-x"}).text("PATH") == "-x");
  CHECK(parsed({"request", "GET", "--", "--data="}).text("PATH") == "--data=");
}

TEST_CASE("parser: global options stand before or after the command") {
  CHECK(parsed({"--profile", "a", "status"}).text("--profile") == "a");
  CHECK(parsed({"status", "--profile", "a"}).text("--profile") == "a");
  CHECK(parsed({"--output=json", "profile", "list"}).text("--output") == "json");
  const Arguments given =
      parsed({"--plugin-dir", "/a", "profile", "list", "--plugin-dir", "/b", "--no-input"});
  CHECK(given.values("--plugin-dir") == Texts{"/a", "/b"});
  CHECK(given.has("--no-input"));
  CHECK(given.command->name == "profile list");
  CHECK(refused({"--profile", "a", "status", "--profile", "b"}).message ==
        "--profile is given more than once");
}

TEST_CASE("parser: an option given twice that takes one value is refused") {
  CHECK(refused({"keygen", "--out", "a", "--out", "b"}).message == "--out is given more than once");
}

TEST_CASE("parser: help is found wherever it stands, also where something is missing") {
  CHECK(parsed({"--help"}).help);
  CHECK(parsed({"-h"}).help);
  CHECK(parsed({"request", "--help"}).topic == "request");
  CHECK(parsed({"request", "GET", "-h"}).help);
  const Arguments early = parsed({"--help", "profile", "set"});
  CHECK(early.help);
  CHECK(early.topic == "profile set");
  const Arguments group = parsed({"profile", "--help"});
  CHECK(group.help);
  CHECK(group.topic == "profile");
  CHECK(parsed({"--version"}).version);
  CHECK(parsed({"status", "--version"}).version);
  CHECK(parsed({}).command == nullptr);
}

TEST_CASE("parser: what is unknown is refused with the nearest thing that there is") {
  CHECK(refused({"reqeust", "GET", "/x"}).next == "did you mean atlink request?");
  CHECK(refused({"request", "GET", "/x", "--qeury", "a=b"}).next == "did you mean --query?");
  CHECK(refused({"request", "GET", "/x", "--qeury=a=b"}).message == "there is no option --qeury");
  CHECK(refused({"profile", "sett", "x"}).next == "did you mean atlink profile set?");
  CHECK(refused({"--prfile", "x", "status"}).next == "did you mean --profile?");
  CHECK(refused({"request", "-x", "GET", "/x"}).message == "there is no option -x");
  CHECK(refused({"frobnicate"}).next == "atlink help");
  CHECK(refused({"frobnicate\x1b[31m"}).message.find('\x1b') == std::string::npos);
}

TEST_CASE("parser: a group alone names its commands") {
  const Error error = refused({"profile"});
  CHECK(error.message == "profile is not a command by itself");
  CHECK(error.next.find("profile set") != std::string::npos);
}

TEST_CASE("parser: what is missing or too much is named") {
  CHECK(refused({"request", "GET"}).message.substr(0, 15) == "PATH is missing");
  CHECK(refused({"keygen"}).message.substr(0, 20) == "--out DIR is missing");
  CHECK(refused({"request", "GET", "/x", "--data"}).message ==
        "--data needs a value (STRING|@FILE|-)");
  CHECK(refused({"request", "GET", "/x", "extra"}).message == "\"extra\" is more than this takes");
  CHECK(refused({"request", "GET", "/x", "--include=yes"}).code == ErrorCode::usage);
  CHECK(refused({"--profile"}).message == "--profile needs a value (NAME)");
}

TEST_CASE("arguments: whole numbers are read strictly") {
  const Arguments given = parsed({"keygen", "--out", "x", "--bits", "3072"});
  CHECK(given.integer("--bits", 1, 9999, 5).value() == 3072);
  CHECK(parsed({"keygen", "--out", "x"}).integer("--bits", 1, 9, 5).value() == 5);
  for (const char* text : {"", " 1", "1x", "0x10", "1e3", "10000", "-1", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parsed({"keygen", "--out", "x", "--bits", text}).integer("--bits", 1, 9999, 5));
  }
}

TEST_CASE("arguments: a pair is parted at its first equals sign") {
  const auto pair = cli::split_pair("--query", "a=b=c");
  CHECK(pair.value().first == "a");
  CHECK(pair->second == "b=c");
  CHECK(cli::split_pair("--query", "a=").value().second.empty());
  CHECK_FALSE(cli::split_pair("--query", "a"));
  CHECK_FALSE(cli::split_pair("--query", "=b"));
}

TEST_SUITE_END();
