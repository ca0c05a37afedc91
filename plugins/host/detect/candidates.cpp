// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

bool lists_hosts(const Description& description, Deployment deployment) {
  const json::Value* all = description.document.find("deployments");
  const json::Value* part = all == nullptr ? nullptr : all->find(to_string(deployment));
  return part != nullptr && part->find("hosts") != nullptr;
}

Candidate::HostSays host_says(const Description& description,
                              Deployment deployment,
                              std::string_view host) {
  using enum Candidate::HostSays;
  if (deployment_of_host(description, host) == deployment) {
    return yes;
  }
  return lists_hosts(description, deployment) ? no : nothing;
}

std::string home_of(const Product& product, std::string_view path) {
  std::string home;
  const auto consider = [&](const std::string& known) {
    if (known.size() > home.size() && lies_below(path, known)) {
      home = known;
    }
  };
  consider(product.default_context_path);
  for (const std::string& known : product.known_context_paths) {
    consider(known);
  }
  return home.empty() ? product.default_context_path : home;
}

void add(const Description& description, const Url& url, Candidates& to) {
  for (const Deployment deployment : description.deployments) {
    auto product = resolve(description, deployment);
    if (!product || product->probes.empty()) {
      continue;
    }
    Candidate candidate;
    candidate.description = &description;
    candidate.host = host_says(description, deployment, url.host());
    candidate.home = home_of(*product, url.path());
    candidate.product = *std::move(product);
    to.all.push_back(std::move(candidate));
  }
}

}  // namespace

bool Candidate::knows(std::string_view context_path) const {
  const auto& known = product.known_context_paths;
  return context_path == product.default_context_path ||
         std::find(known.begin(), known.end(), context_path) != known.end();
}

Result<Candidates> all_candidates(Registry& registry, const Url& url) {
  ATLINK_ASSIGN(const std::vector<PluginInfo> list, registry.list());
  Candidates candidates;
  for (const PluginInfo& plugin : list) {
    if (plugin.problem) {
      candidates.notes.push_back(
          fmt::format("passed over the plugin in {}: {}", plugin.folder, plugin.problem->message));
      continue;
    }
    ATLINK_ASSIGN(candidates.descriptions.emplace_back(), registry.describe(plugin.id));
  }
  for (const Description& description : candidates.descriptions) {
    add(description, url, candidates);
  }
  if (candidates.all.empty()) {
    return fail(ErrorCode::product_missing,
                "no product plugin says how to recognise a site",
                "atlink plugin list shows what there is; /detect/probes of a description says it");
  }
  return candidates;
}

bool builds_on(const Description& a, const Description& b) {
  return &a != &b &&
         std::find(a.folders.begin() + 1, a.folders.end(), b.folders.front()) != a.folders.end();
}

bool lies_below(std::string_view path, std::string_view context_path) {
  return path.substr(0, context_path.size()) == context_path &&
         (path.size() == context_path.size() || path[context_path.size()] == '/');
}

}  // namespace atlink::plugins
