// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
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

std::string on_base(const EndpointPath& endpoint) {
  const bool on_site = endpoint.relative_to == EndpointPath::RelativeTo::site;
  return fmt::format("{}{}{}{}",
                     on_site ? "SITE" : "BASE",
                     endpoint.path,
                     endpoint.query.empty() ? "" : "?",
                     to_form(endpoint.query));
}

std::string on_base(const std::optional<EndpointPath>& endpoint) {
  return endpoint ? on_base(*endpoint) : std::string();
}

template <class List, class Name>
std::string joined(const List& list, Name name) {
  std::string text;
  for (const auto& each : list) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", name(each));
  }
  return text;
}

std::string to_text(const Product& product) {
  std::vector<std::pair<std::string, std::string>> pairs{
      {"name", product.name},
      {"context path",
       product.default_context_path.empty() ? "none" : product.default_context_path},
      {"also known", joined(product.known_context_paths, [](const auto& path) { return path; })},
  };
  if (product.oauth1) {
    pairs.emplace_back("request token", on_base(product.oauth1->request_token));
    pairs.emplace_back("authorize", on_base(product.oauth1->authorize));
    pairs.emplace_back("access token", on_base(product.oauth1->access_token));
    pairs.emplace_back("signatures", joined(product.oauth1->signature_methods, oauth1::wire_name));
  }
  pairs.emplace_back("who am I",
                     product.identity ? on_base(product.identity->endpoint) : std::string());
  pairs.emplace_back("link page", on_base(product.links_page));
  pairs.emplace_back("revoke page", on_base(product.revoke_page));
  return fmt::format("\n{}:\n{}", to_string(product.deployment), lay_out_pairs(pairs));
}

Status run(Call& call) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(const Description description, registry.describe(call.arguments.text("ID")));
  ATLINK_ASSIGN(plugins::NativeModules natives, open_natives(call));
  const auto module = description.modules.empty() ? std::optional<plugins::ModuleFile>()
                                                  : description.modules.front();
  const NativeState native = native_state(natives, module);
  if (call.report.json()) {
    return call.report.document(to_document(description, native));
  }
  std::string text = lay_out_pairs({
      {"id", description.id},
      {"folders", joined(description.folders, [](const auto& folder) { return folder; })},
      {"native module",
       module ? fmt::format("{} ({})", module->path(), native.word) : std::string()},
  });
  for (const Deployment deployment : description.deployments) {
    ATLINK_ASSIGN(const Product product, plugins::resolve(description, deployment));
    text += to_text(product);
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
constexpr std::array examples{
    Example{"atlink plugin show acme", "its endpoints for each kind of installation"},
    Example{"atlink plugin show acme --output json",
            "the whole description, and where each value came from"},
};

}  // namespace

const Command plugin_show{"plugin show",
                          "show what a product plugin describes",
                          "BASE stands for the base URL and SITE for the site alone.",
                          positionals,
                          {},
                          examples,
                          run};

}  // namespace atlink::cli::commands
