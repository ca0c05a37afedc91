// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/natives.h"
#include "cli/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::LoadedNative;
using plugins::NativeConversion;

constexpr std::size_t largest_text = std::size_t{64} << 20;
constexpr std::size_t largest_piece = std::size_t{64} << 10;

// Many small pieces of a module become few writes.
class Gathered {
 public:
  explicit Gathered(Report& report) : report_(report) {}

  [[nodiscard]] Status write(std::string_view piece) {
    kept_ += piece;
    return kept_.size() < largest_piece ? Status() : flush();
  }

  [[nodiscard]] Status flush() {
    const std::string pieces = std::exchange(kept_, std::string());
    return pieces.empty() ? Status() : report_.bytes(pieces);
  }

 private:
  Report& report_;
  std::string kept_;
};

Result<LoadedNative> open_module(const Call& call) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(const plugins::Description description,
                registry.describe(call.arguments.text("--product")));
  ATLINK_ASSIGN(const plugins::ModuleFile file, plugins::module_of(description));
  ATLINK_ASSIGN(plugins::NativeModules natives, open_natives(call));
  return natives.load(file);
}

std::string list_of(const std::vector<NativeConversion>& conversions) {
  std::vector<std::string> pairs;
  pairs.reserve(conversions.size());
  for (const NativeConversion& each : conversions) {
    pairs.push_back(fmt::format("--from {} --to {}", each.from, each.to));
  }
  return fmt::format("{}", fmt::join(pairs, ", "));
}

// The one conversion that fits what was said of it.
Result<NativeConversion> chosen(const Call& call, const LoadedNative& module) {
  const std::string product = call.arguments.text("--product");
  const auto fits = [&call](std::string_view option, const std::string& name) {
    return call.arguments.value(option).value_or(name) == name;
  };
  std::vector<NativeConversion> fitting;
  for (const NativeConversion& each : module.offer().conversions) {
    if (fits("--from", each.from) && fits("--to", each.to)) {
      fitting.push_back(each);
    }
  }
  if (fitting.size() == 1) {
    return fitting.front();
  }
  if (!fitting.empty()) {
    return fail(ErrorCode::usage,
                fmt::format("several conversions of \"{}\" fit", product),
                fmt::format("choose one: {}", list_of(fitting)));
  }
  const auto& all = module.offer().conversions;
  return fail(
      ErrorCode::product_unsupported,
      fmt::format("the module of \"{}\" has no such conversion", product),
      all.empty() ? std::string("it has none at all") : fmt::format("there are: {}", list_of(all)));
}

Result<std::unique_ptr<File>> open_input(const Call& call) {
  const std::string name = call.arguments.value("FILE").value_or("-");
  FileSystem& files = call.app.platform.files;
  return name == "-" ? files.open_descriptor(0) : files.open(name, OpenMode::read, 0);
}

Result<std::string> read_input(const Call& call) {
  ATLINK_ASSIGN(const std::unique_ptr<File> file, open_input(call));
  std::string text;
  std::string buffer(largest_piece, '\0');
  while (text.size() <= largest_text) {
    ATLINK_ASSIGN(const std::size_t got, file->read(std::span(buffer)));
    if (got == 0) {
      return text;
    }
    text.append(buffer, 0, got);
  }
  return fail(ErrorCode::conversion_refused,
              fmt::format("the text has more than {} bytes", largest_text),
              "convert it in parts");
}

Status list(Call& call, const LoadedNative& module) {
  if (call.report.json()) {
    json::Value object;
    object.set("product", call.arguments.text("--product"));
    object.set("version", module.offer().version);
    object.set("conversions", to_json(module.offer().conversions));
    return call.report.document(object);
  }
  std::vector<std::vector<std::string>> rows;
  for (const NativeConversion& each : module.offer().conversions) {
    rows.push_back({each.from, each.to});
  }
  return call.report.bytes(lay_out_table({"FROM", "TO"}, rows));
}

Status run(Call& call) {
  ATLINK_ASSIGN(const LoadedNative module, open_module(call));
  if (call.arguments.has("--list")) {
    return list(call, module);
  }
  ATLINK_ASSIGN(const NativeConversion conversion, chosen(call, module));
  ATLINK_ASSIGN(const std::string text, read_input(call));
  Gathered output(call.report);
  ATLINK_CHECK(module.convert(
      conversion, text, [&output](std::string_view piece) { return output.write(piece); }));
  return output.flush();
}

constexpr std::array positionals{
    PositionalSpec{"FILE", "the text, in UTF-8; standard input without it, or with -", false}};
constexpr std::array options{
    OptionSpec{"--product", "ID", "whose native module converts", false, true},
    OptionSpec{"--from", "FORMAT", "what the text is"},
    OptionSpec{"--to", "FORMAT", "what it is to become"},
    OptionSpec{"--list", "", "list the conversions that there are, and convert nothing"},
};
constexpr std::array examples{
    Example{"atlink convert --product acme --list", "what the module of acme can convert"},
    Example{"atlink convert --product acme --from markdown --to page notes.md > notes.page",
            "one file"},
};

}  // namespace

const Command convert{
    "convert",
    "convert a text with the native module of a plugin",
    "The result goes to standard output as it comes. The module must be trusted (atlink plugin "
    "trust). Where only one conversion fits, --from and --to may be left out.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
