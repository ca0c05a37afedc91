// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/or_null.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::PluginInfo;

json::Value to_document(const PluginInfo& plugin) {
  json::Array deployments;
  for (const Deployment deployment : plugin.deployments) {
    deployments.emplace_back(to_string(deployment));
  }
  json::Array notes;
  for (const std::string& note : plugin.notes) {
    notes.emplace_back(note);
  }
  json::Value object;
  object.set("id", plugin.id);
  object.set("name", plugin.name);
  object.set("version", plugin.version);
  object.set("deployments", std::move(deployments));
  object.set("extends", or_null(plugin.extends));
  object.set("replaces", or_null(plugin.replaces));
  object.set("folder", plugin.folder);
  object.set("from", plugins::to_string(plugin.from));
  object.set("notes", std::move(notes));
  object.set("problem", plugin.problem ? to_json(*plugin.problem) : json::Value());
  return object;
}

std::vector<std::string> to_row(const PluginInfo& plugin) {
  std::string deployments;
  for (const Deployment deployment : plugin.deployments) {
    deployments += fmt::format("{}{}", deployments.empty() ? "" : ", ", to_string(deployment));
  }
  return {plugin.id,
          plugin.problem ? "cannot be used" : plugin.name,
          std::move(deployments),
          std::string(plugins::to_string(plugin.from)),
          plugin.folder};
}

Status run(Call& call) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(const std::vector<PluginInfo> list, registry.list());
  json::Array documents;
  std::vector<std::vector<std::string>> rows;
  for (const PluginInfo& plugin : list) {
    documents.push_back(to_document(plugin));
    rows.push_back(to_row(plugin));
  }
  if (call.report.json()) {
    json::Value document;
    document.set("plugins", std::move(documents));
    return call.report.document(document);
  }
  ATLINK_CHECK(
      call.report.bytes(lay_out_table({"ID", "NAME", "DEPLOYMENTS", "FROM", "FOLDER"}, rows)));
  for (const PluginInfo& plugin : list) {
    for (const std::string& note : plugin.notes) {
      call.report.note(fmt::format("{}: {}", plugin.id, note));
    }
    if (plugin.problem) {
      call.report.warn(fmt::format("{}: {}", plugin.folder, plugin.problem->message));
    }
  }
  return {};
}

constexpr std::array examples{
    Example{"atlink plugin list", "every product, and where its description lies"},
};

}  // namespace

const Command plugin_list{"plugin list",
                          "list the product plugins",
                          "Looks in each --plugin-dir, then ATLINK_PLUGIN_PATH, the user's data "
                          "folder and the installed folder. A plugin that breaks a rule is listed "
                          "with it.",
                          {},
                          {},
                          examples,
                          run};

}  // namespace atlink::cli::commands
