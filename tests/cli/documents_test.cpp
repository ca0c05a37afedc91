// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_code.h"
#include "tests/cli/native_program.h"
#include "tests/cli/program.h"
#include "tests/support/data.h"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::Program;

namespace {

using Names = std::set<std::string>;

std::string content_of(const char* path) {
  std::ifstream file(std::string(ATLINK_SOURCE_DIR "/") + path);
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The parts of a page by their headings: what stands between `prefix` + heading and the next line
// that begins with `end`.
std::map<std::string, std::string> sections(const std::string& page,
                                            const std::string& prefix,
                                            const std::string& end) {
  std::map<std::string, std::string> found;
  std::istringstream lines(page);
  std::string heading;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(end, 0) == 0) {
      heading = line.rfind(prefix, 0) == 0 ? line.substr(prefix.size()) : std::string();
    } else if (!heading.empty()) {
      found[heading] += line + "\n";
    }
  }
  return found;
}

// Everything that the pattern's one group finds.
Names matches(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  Names names;
  for (auto each = std::sregex_iterator(text.begin(), text.end(), expression);
       each != std::sregex_iterator();
       ++each) {
    names.insert((*each)[1]);
  }
  return names;
}

std::map<std::string, std::string> documented_commands() {
  return sections(content_of("docs/cli.md"), "## atlink ", "## ");
}

Names documented_options(const std::string& section) {
  return matches(section, "\\n\\| `(--[a-z0-9-]+)[ `]");
}

Names documented_fields(const std::string& command) {
  const auto commands = documented_commands();
  REQUIRE_MESSAGE(commands.count(command) == 1, command);
  return matches(commands.at(command), "\\n\\| `([a-z][a-z0-9_.\\[\\]]*)` \\|");
}

// Pages of manual macros write a dash as "\-".
std::string without_escapes(std::string text) {
  for (std::size_t at = text.find("\\-"); at != std::string::npos; at = text.find("\\-", at)) {
    text.erase(at, 1);
  }
  return text;
}

std::map<std::string, std::string> manual_commands() {
  const std::string page = without_escapes(content_of("cli/man/atlink.1"));
  const std::size_t begin = page.find(".SH COMMANDS");
  return sections(page.substr(begin, page.find(".SH EXIT STATUS") - begin), ".SS atlink ", ".SS ");
}

Names options_of(const cli::Command& command) {
  Names names;
  for (const cli::OptionSpec& option : command.options) {
    names.emplace(option.name);
  }
  return names;
}

// Paths of the members of a document, "a[].b"; what is documented without members of its own is
// not looked into.
void collect(const json::Value& value, const std::string& path, const Names& known, Names& into) {
  const auto has_members = [&known](const std::string& whole) {
    const auto next = known.upper_bound(whole);
    return next != known.end() &&
           (next->rfind(whole + ".", 0) == 0 || next->rfind(whole + "[", 0) == 0);
  };
  if (!path.empty()) {
    if (path.back() != ']') {
      into.insert(path);
    }
    if (!has_members(path)) {
      return;
    }
  }
  if (const json::Object* const object = value.as_object(); object != nullptr) {
    for (const auto& [name, member] : *object) {
      collect(member, path.empty() ? name : path + "." + name, known, into);
    }
  }
  if (const json::Array* const array = value.as_array(); array != nullptr) {
    for (const json::Value& element : *array) {
      collect(element, path + "[]", known, into);
    }
  }
}

void check_fields(const char* command, const json::Value& document) {
  CAPTURE(std::string(command));
  const Names documented = documented_fields(command);
  Names printed;
  collect(document, "", documented, printed);
  for (const std::string& name : printed) {
    CHECK_MESSAGE(documented.count(name) == 1, "not documented: " << name);
  }
  for (const std::string& name : documented) {
    CHECK_MESSAGE(printed.count(name) == 1, "not printed: " << name);
  }
}

}  // namespace

TEST_CASE("documents: docs/cli.md has a section for every command, with all of its options") {
  const auto documented = documented_commands();
  for (const cli::Command* command : cli::all_commands()) {
    CAPTURE(command->name);
    const auto section = documented.find(std::string(command->name));
    REQUIRE(section != documented.end());
    CHECK(documented_options(section->second) == options_of(*command));
  }
  for (const auto& [name, section] : documented) {
    const auto shown = name;  // clang 14 captures no binding
    CAPTURE(shown);
    CHECK(cli::find_command(name.substr(0, name.find(" --"))) != nullptr);
  }
}

TEST_CASE("documents: the manual page has every command and option, and no other") {
  const auto manual = manual_commands();
  CHECK(manual.size() == cli::all_commands().size());
  for (const cli::Command* command : cli::all_commands()) {
    CAPTURE(command->name);
    const auto section = manual.find(std::string(command->name));
    REQUIRE(section != manual.end());
    CHECK(matches(section->second, "\\n\\.B[IR]? (--[a-z0-9-]+)") == options_of(*command));
  }
}

TEST_CASE("documents: options of every command stand on both pages") {
  Names names;
  for (const cli::OptionSpec& option : cli::global_options()) {
    names.emplace(option.name);
  }
  const auto page = sections(content_of("docs/cli.md"), "## ", "## ");
  CHECK(documented_options(page.at("Options of every command")) == names);
  const auto manual = sections(without_escapes(content_of("cli/man/atlink.1")), ".SH ", ".SH ");
  CHECK(matches(manual.at("OPTIONS OF EVERY COMMAND"), "\\.TP\\n\\.B[IR]? (--[a-z0-9-]+)") ==
        names);
}

TEST_CASE("documents: both pages list the same environment variables and exit codes") {
  const auto page = sections(content_of("docs/cli.md"), "## ", "## ");
  const auto manual = sections(without_escapes(content_of("cli/man/atlink.1")), ".SH ", ".SH ");
  const Names variables = matches(page.at("Environment variables"), "\\n\\| `([A-Z_]+)` \\|");
  CHECK(variables.size() > 10);
  CHECK(matches(manual.at("ENVIRONMENT"), "\\.TP\\n\\.B ([A-Z_]+)\\n") == variables);
  const Names codes = matches(page.at("Exit codes"), "\\n\\| ([0-9]+)[ ,]");
  CHECK(matches(manual.at("EXIT STATUS"), "\\.TP\\n\\.B ([0-9]+)") == codes);
  for (const ErrorCode code : all_error_codes()) {
    CAPTURE(name_of(code));
    CHECK(codes.count(std::to_string(cli::exit_code_of(code))) == 1);
  }
}

TEST_CASE("documents: every variable of the command line's sources is documented") {
  const auto page = sections(content_of("docs/cli.md"), "## ", "## ");
  const Names documented = matches(page.at("Environment variables"), "\\n\\| `([A-Z_]+)` \\|");
  for (const char* source : {"cli/settings.cpp",
                             "cli/place.cpp",
                             "cli/private_key.cpp",
                             "cli/commands/profile_show.cpp",
                             "cli/commands/profile_set.cpp"}) {
    for (const std::string& name : matches(content_of(source), "\"(ATLINK_[A-Z_]+)\"")) {
      CAPTURE(name);
      CHECK(documented.count(name) == 1);
    }
  }
}

TEST_CASE("documents: the JSON of every command has the members that docs/cli.md says") {
  Program program;
  check_fields("keygen", program.run_json({"keygen", "--out", "/k"}));
  program.make_profile();
  check_fields("profile set",
               program.run_json({"profile", "set", "work", "--consumer-key", "build"}));
  check_fields("profile list", program.run_json({"profile", "list"}));
  check_fields("profile show", program.run_json({"profile", "show", "work"}));
  check_fields("profile use", program.run_json({"profile", "use", "work"}));
  check_fields("link show", program.run_json({"link", "show"}));
  program.world.transport.expect("GET", "https://acme.example/tools/oauth/request").answers(200);
  program.world.transport.expect("POST", "https://acme.example/tools/oauth/request")
      .answers(200, {}, "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true");
  check_fields("link check", program.run_json({"link", "check"}));
  program.world.transport.expect("GET", "https://acme.example/tools/oauth/request")
      .fails(ErrorCode::network_refused);
  CHECK(program.run({"doctor", "--output", "json"}) == 9);
  check_fields("doctor", json::parse(program.out).value());
  check_fields("plugin list", program.run_json({"plugin", "list"}));
  check_fields("plugin show", program.run_json({"plugin", "show", "acme"}));
  program.files.put("/plugins/bad/product.json", "{\"schema\": 1, \"id\": \"bad\"}");
  CHECK(program.run({"plugin", "check", "/plugins/bad", "--output", "json"}) == 3);
  check_fields("plugin check", json::parse(program.out).value());
  program.files.put_folder("/desk", 0755);
  check_fields("plugin new", program.run_json({"plugin", "new", "mine"}));
  check_fields("version", program.run_json({"version"}));
  program.put_shop();
  program.world.transport.expect("GET", "https://shop.example/about")
      .answers(200, {}, R"({"product": "shop"})");
  check_fields("detect", program.run_json({"detect", "https://shop.example"}));
  check_fields("help", program.run_json({"help", "request"}));
  program.expect_sign_in();
  check_fields("login --begin", program.run_json({"login", "--begin"}));
  check_fields("login", program.run_json({"login", "--verifier", "v"}));
  check_fields("status", program.run_json({"status", "--offline"}));
  check_fields("status --all", program.run_json({"status", "--all", "--offline"}));
  program.world.transport.expect("POST", "https://acme.example/tools/oauth/access")
      .answers(200, {}, "oauth_token=at&oauth_token_secret=as");
  program.world.transport.expect("GET", "https://acme.example/tools/rest/me")
      .answers(200, {}, R"({"name":"alice"})");
  check_fields("renew", program.run_json({"renew"}));
  program.world.transport.on_look = [](const Url&, const ConnectionOptions&) {
    return Result<PresentedChain>(PresentedChain{tests::data("certificates/chain.pem"),
                                                 make_error(ErrorCode::network_certificate, "no")});
  };
  check_fields("trust", program.run_json({"trust", "https://site.example"}));
  check_fields("sign", program.run_json({"sign", "GET", "https://acme.example/tools/x"}));
  program.world.environment.variables["ATLINK_PASSPHRASE"] = "open";
  check_fields("profile move-secrets",
               program.run_json({"profile", "move-secrets", "work", "--to", "sealed"}));
  check_fields("profile export", program.run_json({"profile", "export", "work", "--out", "b"}));
  check_fields("profile import", program.run_json({"profile", "import", "b", "--name", "copy"}));
  check_fields("logout", program.run_json({"logout"}));
  check_fields("profile remove", program.run_json({"profile", "remove", "work"}));
}

TEST_CASE("documents: the JSON of what is native has the members that docs/cli.md says") {
  tests::NativeProgram program;
  check_fields("plugin trust", program.run_json({"plugin", "trust", "acme", "--yes"}));
  check_fields("convert", program.run_json({"convert", "--product", "acme", "--list"}));
}

TEST_CASE("documents: an error as JSON has the members that docs/cli.md says") {
  Program program;
  const auto page = sections(content_of("docs/cli.md"), "## ", "## ");
  const Names documented = matches(page.at("Streams"), "\\n\\| `([a-z]+)` \\|");
  Names printed;
  collect(program.run_json({"status"}, 3), "", documented, printed);
  printed.insert("warnings");
  CHECK(printed == documented);
}

TEST_SUITE_END();
