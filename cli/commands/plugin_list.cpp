// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/natives.h"
#include "cli/or_null.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::PluginInfo;

json::Array to_array(const std::vector<std::string>& names) {
  json::Array array;
  for (const std::string& name : names) {
    array.emplace_back(name);
  }
  return array;
}

json::Value to_document(const PluginInfo::Offer& offer) {
  json::Value object;
  object.set("sign_in", to_array(offer.sign_in));
  object.set("operations", to_array(offer.operations));
  object.set("recipes", to_array(offer.recipes));
  object.set("pagers", to_array(offer.pagers));
  object.set("catalogues", to_array(offer.catalogues));
  return object;
}

std::string counted(const std::vector<std::string>& names, const char* one, const char* several) {
  return names.empty() ? std::string()
                       : fmt::format("; {} {}", names.size(), names.size() == 1 ? one : several);
}

std::string in_words(const PluginInfo::Offer& offer) {
  return fmt::format("{}{}{}{}{}",
                     offer.sign_in.empty() ? "-" : fmt::to_string(fmt::join(offer.sign_in, ", ")),
                     counted(offer.operations, "operation", "operations"),
                     counted(offer.recipes, "recipe", "recipes"),
                     counted(offer.pagers, "pager", "pagers"),
                     counted(offer.catalogues, "catalogue", "catalogues"));
}

json::Value to_document(const PluginInfo& plugin, const NativeState& native) {
  json::Array deployments;
  for (const Deployment deployment : plugin.deployments) {
    deployments.emplace_back(to_string(deployment));
  }
  json::Array notes;
  for (const std::string& note : plugin.notes) {
    notes.emplace_back(note);
  }
  if (!native.note.empty()) {
    notes.emplace_back(native.note);
  }
  json::Value object;
  object.set("id", plugin.id);
  object.set("name", plugin.name);
  object.set("version", plugin.version);
  object.set("deployments", std::move(deployments));
  object.set("offers", to_document(plugin.offer));
  object.set("extends", or_null(plugin.extends));
  object.set("replaces", or_null(plugin.replaces));
  object.set("folder", plugin.folder);
  object.set("from", plugins::to_string(plugin.from));
  object.set("native", plugin.module.has_value());
  object.set("trusted", plugin.module ? json::Value(native.trusted) : json::Value());
  object.set("notes", std::move(notes));
  object.set("problem", plugin.problem ? to_json(*plugin.problem) : json::Value());
  return object;
}

std::vector<std::string> to_row(const PluginInfo& plugin, const NativeState& native) {
  std::string deployments;
  for (const Deployment deployment : plugin.deployments) {
    deployments += fmt::format("{}{}", deployments.empty() ? "" : ", ", to_string(deployment));
  }
  return {plugin.id,
          plugin.version,
          plugin.problem ? "cannot be used" : plugin.name,
          std::move(deployments),
          plugin.problem ? std::string() : in_words(plugin.offer),
          native.word,
          std::string(plugins::to_string(plugin.from)),
          plugin.folder};
}

/// What is wrong, by which rule, and what to do, in one line that names the folder once.
std::string warning(const PluginInfo& plugin, const Error& problem) {
  const bool named = problem.message.find(plugin.folder) != std::string::npos;
  std::string text =
      named ? problem.message : fmt::format("{}: {}", plugin.folder, problem.message);
  if (const std::string_view rule = problem.fact("rule"); !rule.empty()) {
    text += fmt::format(" (rule {})", rule);
  }
  return problem.next.empty() ? text : fmt::format("{}; {}", text, problem.next);
}

void say_notes(Report& report, const PluginInfo& plugin, const NativeState& native) {
  for (const std::string& note : plugin.notes) {
    report.note(fmt::format("{}: {}", plugin.id, note));
  }
  if (!native.note.empty()) {
    report.note(fmt::format("{}: {}", plugin.id, native.note));
  }
  if (plugin.problem) {
    report.warn(warning(plugin, *plugin.problem));
  }
}

Status run(Call& call) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(plugins::NativeModules natives, open_natives(call));
  ATLINK_ASSIGN(const std::vector<PluginInfo> list, registry.list());
  std::vector<NativeState> states;
  json::Array documents;
  std::vector<std::vector<std::string>> rows;
  for (const PluginInfo& plugin : list) {
    states.push_back(native_state(natives, plugin.module));
    documents.push_back(to_document(plugin, states.back()));
    rows.push_back(to_row(plugin, states.back()));
  }
  if (call.report.json()) {
    json::Value document;
    document.set("plugins", std::move(documents));
    return call.report.document(document);
  }
  ATLINK_CHECK(call.report.bytes(lay_out_table(
      {"ID", "VERSION", "NAME", "DEPLOYMENTS", "OFFERS", "NATIVE", "FROM", "FOLDER"}, rows)));
  for (std::size_t i = 0; i < list.size(); ++i) {
    say_notes(call.report, list[i], states[i]);
  }
  return {};
}

constexpr std::array examples{
    Example{"atlink plugin list", "every product, and where its description lies"},
};

}  // namespace

const Command plugin_list{
    "plugin list",
    "list the product plugins",
    "Looks in each --plugin-dir, then ATLINK_PLUGIN_PATH, the user's data "
    "folder and the installed folder. Says what each offers: ways to sign in, "
    "operations, recipes, pagers and catalogues. A plugin that breaks a rule "
    "is listed with it. NATIVE tells of a native module, and whether it is trusted; nothing of it "
    "is "
    "run.",
    {},
    {},
    examples,
    run};

}  // namespace atlink::cli::commands
