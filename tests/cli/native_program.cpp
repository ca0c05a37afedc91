// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/native_program.h"

#include "atlink/plugin/plugin.hpp"
#include "atlink/sha256.h"
#include "plugins/host/native_probe.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace atlink::tests {

namespace {

std::string to_upper(std::string_view text) {
  if (text == "?") {
    throw plugin::MalformedInput("line 1: a question");
  }
  std::string upper(text);
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return upper;
}

using Converter = plugin::Converter<plugin::Conversion<"text", "upper", to_upper>>;

constexpr atlink_plugin_entry_t entry = plugin::entry<Converter>("acme", "1.0.0");

std::string read_module() {
  std::ifstream file(ATLINK_BINARY_DIR "/tests/native/right.so", std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

NativeProgram::NativeProgram()
    : probe_says(plugins::stage_line(plugins::ProbeStage::load) +
                 plugins::stage_line(plugins::ProbeStage::entry) +
                 plugins::offer_line({"1.0.0", {"atlink.convert/1"}, {{"text", "upper"}}})),
      module_(read_module()) {
  files.put(module_path, module_, 0644);
  world.process.on_run = [this](const ProcessStart& start) -> Result<ProcessEnd> {
    CHECK(process_allowed);
    CHECK(start.program == "/prefix/lib/atlink/modules/native-probe");
    CHECK(start.input == module_);
    ProcessEnd end;
    end.out = probe_says;
    return end;
  };
  world.loader.on_load = [this](std::string_view object,
                                const std::string& /*symbol*/) -> Result<const void*> {
    CHECK(object == module_);
    return &entry;
  };
}

std::string NativeProgram::hash() const {
  return sha256(module_).value();
}

std::string NativeProgram::record() const {
  return files.content("/home/me/.local/state/atlink/trusted-modules.json").value_or("");
}

}  // namespace atlink::tests
