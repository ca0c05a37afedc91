// SPDX-License-Identifier: Apache-2.0
#include "cli/inner_run.h"

#include "cli/parser.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace atlink::cli {

namespace {

class HeldOutput final : public Output {
 public:
  [[nodiscard]] Status write(std::string_view bytes) override {
    text.append(bytes);
    return {};
  }

  std::string text;
};

// In front of the words, so that nothing which those say again is overruled.
std::vector<std::string> with_globals(const Call& call, std::vector<std::string> words) {
  constexpr std::array names{"--plugin-dir", "--plugin-sha256", "--proxy"};
  std::vector<std::string> all;
  for (const char* name : names) {
    for (std::string& value : call.arguments.values(name)) {
      all.emplace_back(name);
      all.push_back(std::move(value));
    }
  }
  if (call.arguments.has("--no-input")) {
    all.emplace_back("--no-input");
  }
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

Status carry_out(const Call& call, App& app, OutputFormat format, std::vector<std::string> words) {
  ATLINK_ASSIGN(const Arguments arguments, parse(with_globals(call, std::move(words))));
  Report report(app.out, app.err);
  report.format = format;
  Call inner{app, arguments, report, call.given};
  return arguments.command->run(inner);
}

}  // namespace

Result<json::Value> run_inner(const Call& call, std::vector<std::string> words, InnerTalk talk) {
  HeldOutput out;
  HeldOutput err;
  App app{
      call.app.platform, out, talk == InnerTalk::shown ? call.app.err : err, call.app.surroundings};
  ATLINK_CHECK(carry_out(call, app, OutputFormat::json, std::move(words)));
  return json::parse(out.text);
}

Status run_inner_shown(const Call& call, std::vector<std::string> words) {
  return carry_out(call, call.app, OutputFormat::table, std::move(words));
}

std::string command_line(const std::vector<std::string>& words) {
  std::string line = "atlink";
  for (const std::string& word : words) {
    line += fmt::format(" {}", shell_word(word));
  }
  return line;
}

}  // namespace atlink::cli
