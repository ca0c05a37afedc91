// SPDX-License-Identifier: Apache-2.0
#include "atlink/plugin/ext/convert.h"
#include "atlink/plugin/plugin.h"
#include "atlink/sha256.h"
#include "plugins/host/native_probe.h"
#include "tests/cli/native_program.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::NativeProgram;
using tests::text_at;

namespace {

const json::Value& plugin_of(const json::Value& list, std::string_view id) {
  for (const json::Value& plugin : *list.find("plugins")->as_array()) {
    if (text_at(plugin, "/id") == id) {
      return plugin;
    }
  }
  FAIL("no plugin " << id);
  return list;
}

}  // namespace

TEST_CASE("plugin list and show: native or not, trusted or not, and nothing is run") {
  NativeProgram program;
  program.process_allowed = false;
  const json::Value before = program.run_json({"plugin", "list"});
  CHECK(*plugin_of(before, "acme").find("native") == json::Value(true));
  CHECK(*plugin_of(before, "acme").find("trusted") == json::Value(false));
  CHECK(*plugin_of(before, "beta").find("native") == json::Value(false));
  CHECK(plugin_of(before, "beta").find("trusted")->is_null());
  CHECK(program.run({"plugin", "list"}) == 0);
  CHECK(holds(program.out, "not trusted"));
  CHECK(holds(program.err, "atlink plugin trust acme"));
  // beta builds on acme and uses its module.
  const json::Value beta = program.run_json({"plugin", "show", "beta"});
  CHECK(text_at(beta, "/module") == NativeProgram::module_path);
  CHECK(*beta.find("trusted") == json::Value(false));
  program.process_allowed = true;
  REQUIRE(program.run({"plugin", "trust", "acme", "--yes"}) == 0);
  program.process_allowed = false;
  const json::Value after = program.run_json({"plugin", "list"});
  CHECK(*plugin_of(after, "acme").find("trusted") == json::Value(true));
  CHECK(program.run({"plugin", "show", "acme"}) == 0);
  CHECK(holds(program.out, "(trusted)"));
}

TEST_CASE("plugin trust: shows what it is and what it means, and asks") {
  NativeProgram program;
  program.world.terminal.answers = {"y"};
  CHECK(program.run({"plugin", "trust", "acme"}) == 0);
  CHECK(holds(program.out, NativeProgram::module_path));
  CHECK(holds(program.out, program.hash()));
  CHECK(holds(program.out, "converts text to upper"));
  CHECK(holds(program.err, "with all of your rights"));
  CHECK(program.world.terminal.questions.size() == 1);
  CHECK(holds(program.record(), program.hash()));
  // Once is enough.
  CHECK(program.run({"plugin", "trust", "acme"}) == 0);
  CHECK(holds(program.err, "trusted already"));
  CHECK(program.world.terminal.questions.size() == 1);
}

TEST_CASE("plugin trust: anything but a yes is a no") {
  for (const char* answer : {"", "n", "yess", "of course"}) {
    CAPTURE(std::string(answer));
    NativeProgram program;
    program.world.terminal.answers = {answer};
    CHECK(program.run({"plugin", "trust", "acme"}) == 130);
    CHECK(program.record().empty());
  }
}

TEST_CASE("plugin trust: without a terminal an option answers") {
  NativeProgram program;
  program.world.terminal.present = false;
  CHECK(program.run({"plugin", "trust", "acme"}) == 2);
  CHECK(holds(program.err, "--sha256"));
  CHECK(holds(program.err, "--yes"));
  program.world.terminal.present = true;
  CHECK(program.run({"--no-input", "plugin", "trust", "acme"}) == 2);
  CHECK(program.record().empty());
  CHECK(program.run({"plugin", "trust", "acme", "--sha256", program.hash()}) == 0);
  CHECK(holds(program.record(), program.hash()));
}

TEST_CASE("plugin trust: a hash must be that of the module") {
  NativeProgram program;
  program.process_allowed = false;
  const std::string other(64, 'A');
  CHECK(program.run({"plugin", "trust", "acme", "--sha256", other}) == 3);
  CHECK(holds(program.err, program.hash()));
  CHECK(holds(program.err, std::string(64, 'a')));
  CHECK(program.run({"plugin", "trust", "acme", "--sha256", "abc"}) == 2);
  CHECK(program.record().empty());
}

TEST_CASE("plugin trust: a broken module is not even asked about") {
  NativeProgram program;
  program.probe_says = plugins::stage_line(plugins::ProbeStage::load) +
                       plugins::problem_line({"native-id", "its id is \"other\"", "rename it"});
  const json::Value error = program.run_json({"plugin", "trust", "acme"}, 3);
  CHECK(text_at(error, "/code") == "native.invalid");
  CHECK(text_at(error, "/context/rule") == "native-id");
  CHECK(text_at(error, "/context/side") == "plugin");
  CHECK(text_at(error, "/context/file") == NativeProgram::module_path);
  CHECK(text_at(error, "/next") == "rename it");
  CHECK(program.record().empty());
}

TEST_CASE("plugin trust: revoking, and what has nothing to trust") {
  NativeProgram program;
  REQUIRE(program.run({"plugin", "trust", "acme", "--yes"}) == 0);
  const json::Value revoked = program.run_json({"plugin", "trust", "acme", "--revoke"});
  CHECK(*revoked.find("revoked") == json::Value(1));
  CHECK(program.run({"plugin", "trust", "acme", "--revoke"}) == 0);
  CHECK(holds(program.err, "no module of \"acme\" was trusted"));
  CHECK(program.run({"plugin", "trust", "acme", "--revoke", "--yes"}) == 2);
  CHECK(program.run({"plugin", "trust", "beta", "--yes"}) == 3);
  CHECK(holds(program.err, "atlink plugin trust acme"));
  CHECK(program.run({"plugin", "trust", "none", "--yes"}) == 3);
}

TEST_CASE("convert: only with a trusted module, or one whose hash is given") {
  NativeProgram program;
  program.put_descriptor(0, "hello");
  CHECK(program.run({"convert", "--product", "acme"}) == 3);
  CHECK(holds(program.err, "native-trust"));
  CHECK(holds(program.err, "atlink plugin trust acme"));
  CHECK(program.out.empty());
  CHECK(program.run({"convert", "--product", "acme", "--plugin-sha256", std::string(64, '0')}) ==
        3);
  CHECK(program.run({"convert",
                     "--product",
                     "acme",
                     "--plugin-sha256",
                     std::string(64, '0'),
                     "--plugin-sha256",
                     program.hash()}) == 0);
  CHECK(program.out == "HELLO");
  CHECK(program.record().empty());
  CHECK(program.run({"convert", "--product", "acme", "--plugin-sha256", "xyz"}) == 2);
}

TEST_CASE("convert: a file, standard input, and what a product inherits") {
  NativeProgram program;
  REQUIRE(program.run({"plugin", "trust", "acme", "--yes"}) == 0);
  program.files.put("/desk/text", "from a file");
  CHECK(program.run({"convert", "--product", "acme", "text"}) == 0);
  CHECK(program.out == "FROM A FILE");
  program.put_descriptor(0, "piped");
  CHECK(program.run({"convert", "--product", "beta", "--from", "text", "--to", "upper", "-"}) == 0);
  CHECK(program.out == "PIPED");
  CHECK(program.run({"convert", "--product", "acme", "missing"}) == 3);
}

TEST_CASE("convert: what there is, and what there is not") {
  NativeProgram program;
  REQUIRE(program.run({"plugin", "trust", "acme", "--yes"}) == 0);
  CHECK(program.run({"convert", "--product", "acme", "--list"}) == 0);
  CHECK(program.out == "FROM  TO\ntext  upper\n");
  CHECK(program.run({"convert", "--product", "acme", "--to", "lower"}) == 3);
  CHECK(holds(program.err, "--from text --to upper"));
  program.files.remove(NativeProgram::module_path);
  CHECK(program.run({"convert", "--product", "acme", "--list"}) == 3);
  CHECK(holds(program.err, "has no native module"));
  CHECK(program.run({"convert", "--list"}) == 2);
}

TEST_CASE("convert: a refusal of the module has its own exit code, a reader that left ends it") {
  NativeProgram program;
  REQUIRE(program.run({"plugin", "trust", "acme", "--yes"}) == 0);
  program.put_descriptor(0, "?");
  CHECK(program.run({"convert", "--product", "acme"}) == 7);
  CHECK(holds(program.err, "a question"));
  CHECK(program.out.empty());
  program.files.put("/desk/text", "x");
  program.out_closed = true;
  CHECK(program.run({"convert", "--product", "acme", "text"}) == 141);
}

TEST_SUITE_END();
