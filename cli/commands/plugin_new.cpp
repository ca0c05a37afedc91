// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/settings.h"
#include "plugins/kit/kit.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::NewPlugin;

// Where an installation has it, as a URL for editors.
Result<std::string> schema_of(const Call& call) {
  ATLINK_ASSIGN(const std::string plugins, call.app.surroundings.installed_plugins());
  return fmt::format("file://{}/schema/product.schema.json", plugins.substr(0, plugins.rfind('/')));
}

Result<NewPlugin> plugin_of(const Call& call) {
  NewPlugin plugin;
  plugin.id = call.arguments.text("ID");
  plugin.name = call.arguments.text("--name");
  plugin.extends = call.arguments.text("--extends");
  plugin.native = call.arguments.has("--native");
  ATLINK_ASSIGN(plugin.parent, tidy_path(call, call.arguments.value("--dir").value_or(".")));
  ATLINK_ASSIGN(plugin.schema, schema_of(call));
  if (!plugin.extends.empty()) {
    ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
    ATLINK_ASSIGN([[maybe_unused]] const auto base, registry.describe(plugin.extends));
  }
  return plugin;
}

Status run(Call& call) {
  ATLINK_ASSIGN(const NewPlugin plugin, plugin_of(call));
  ATLINK_ASSIGN(const std::vector<std::string> written,
                plugins::write_plugin(call.app.platform.files, plugin));
  const std::string folder = fmt::format("{}/{}", plugin.parent, plugin.id);
  if (!call.report.json()) {
    std::string text;
    for (const std::string& path : written) {
      text += printable(path, path.size() * 4) + "\n";
    }
    ATLINK_CHECK(call.report.bytes(text));
    call.report.note(fmt::format("next: {}/test.sh, and README.md there", folder));
    return {};
  }
  json::Array paths;
  for (const std::string& path : written) {
    paths.emplace_back(path);
  }
  json::Value object;
  object.set("id", plugin.id);
  object.set("folder", folder);
  object.set("files", std::move(paths));
  return call.report.document(object);
}

constexpr std::array positionals{
    PositionalSpec{"ID", "lower-case letters, digits and \"-\", beginning with a letter"}};
constexpr std::array options{
    OptionSpec{"--dir", "FOLDER", "make the plugin's folder in this one (the working directory)"},
    OptionSpec{"--extends", "BASE", "build on this plugin, and say only what differs"},
    OptionSpec{"--native", "", "with an extension in C, for what a description cannot say"},
    OptionSpec{"--name", "NAME", "what people call the product"},
};
constexpr std::array examples{
    Example{"atlink plugin new acme", "a whole description in ./acme, to put the real paths into"},
    Example{"atlink plugin new kb --extends acme --name 'Knowledge base'",
            "a few lines over another product"},
};

}  // namespace

const Command plugin_new{"plugin new",
                         "write the beginnings of a product plugin",
                         "Writes the folder ID with product.json, README.md, answers for the "
                         "sandbox, a test and a file for CI. What it writes passes atlink plugin "
                         "check. Nothing is overwritten.",
                         positionals,
                         options,
                         examples,
                         run};

}  // namespace atlink::cli::commands
