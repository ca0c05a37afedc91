// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/description_text.h"
#include "cli/natives.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

using plugins::Description;

json::Array to_array(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts) {
    array.emplace_back(text);
  }
  return array;
}

json::Value to_document(const Description& description, const NativeState& native) {
  json::Array deployments;
  for (const Deployment deployment : description.deployments) {
    deployments.emplace_back(to_string(deployment));
  }
  json::Value origins{json::Object{}};
  for (const auto& [pointer, id] : description.origins) {
    origins.set(pointer, id);
  }
  json::Value object;
  object.set("id", description.id);
  object.set("deployments", std::move(deployments));
  object.set("folders", to_array(description.folders));
  const bool has_module = !description.modules.empty();
  object.set("native", has_module);
  object.set("module",
             has_module ? json::Value(description.modules.front().path()) : json::Value());
  object.set("trusted", has_module ? json::Value(native.trusted) : json::Value());
  object.set("notes", to_array(description.notes));
  object.set("description", description.document);
  object.set("origins", std::move(origins));
  return object;
}

// The description as a whole, or what the command line asks for of it.
Result<Description> asked_for(const Arguments& arguments, Description description) {
  const std::string version = arguments.text("--site-version");
  const auto text = arguments.value("--deployment");
  if (!text) {
    return plugins::for_version(std::move(description), version);
  }
  const auto deployment = deployment_from(*text);
  if (!deployment) {
    return fail(
        ErrorCode::usage,
        fmt::format("--deployment takes cloud or data-center, not \"{}\"", printable(*text, 80)));
  }
  return plugins::for_deployment(description, *deployment, version);
}

Status run(Call& call) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(Description whole, registry.describe(call.arguments.text("ID")));
  ATLINK_ASSIGN(const Description description, asked_for(call.arguments, std::move(whole)));
  ATLINK_ASSIGN(plugins::NativeModules natives, open_natives(call));
  const auto module = description.modules.empty() ? std::optional<plugins::ModuleFile>()
                                                  : description.modules.front();
  const NativeState native = native_state(natives, module);
  if (call.report.json()) {
    return call.report.document(to_document(description, native));
  }
  std::string text = to_text(description);
  if (module) {
    text += fmt::format("\nnative module: {} ({})\n", printable(module->path()), native.word);
  }
  ATLINK_CHECK(call.report.bytes(text));
  for (const std::string& note : description.notes) {
    call.report.note(note);
  }
  if (!native.note.empty()) {
    call.report.note(native.note);
  }
  return {};
}

constexpr std::array positionals{PositionalSpec{"ID", "the product's id (atlink plugin list)"}};
constexpr std::array options{
    OptionSpec{"--deployment", "cloud|data-center", "as it is for this kind of installation"},
    OptionSpec{"--site-version", "V", "leave out what is not for this version of the product"},
};
constexpr std::array examples{
    Example{"atlink plugin show acme", "everything that is described, and by which plugin"},
    Example{"atlink plugin show acme --deployment cloud", "as it is for one kind of installation"},
    Example{"atlink plugin show acme --output json",
            "the whole description, and where each value came from"},
};

}  // namespace

const Command plugin_show{"plugin show",
                          "show what a product plugin describes",
                          "The effective description, after what it builds on. BASE stands for the "
                          "base URL, SITE for the site alone and <NAME> for the origin that a "
                          "setting names; in brackets stands the plugin that a value came from.",
                          positionals,
                          options,
                          examples,
                          run};

}  // namespace atlink::cli::commands
