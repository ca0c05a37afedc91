// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/registry.h"

#include "atlink/text.h"
#include "plugins/host/catalogue.h"
#include "plugins/host/chain.h"
#include "plugins/host/merge.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/problem.h"
#include "plugins/host/resolve.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

/// What holds for the effective description as a whole.
Status check_description(const Description& description, const PluginFile& file) {
  std::vector<Problem> problems = problems_of_deployments(description);
  const bool all = description.parts == Parts::all;
  for (std::size_t i = 0; all && i < description.deployments.size(); ++i) {
    const Deployment deployment = description.deployments[i];
    Product product;
    for (Problem& problem : read_product(description, deployment, product)) {
      if (description.deployments.size() > 1) {
        problem.message += fmt::format(" (deployment {})", to_string(deployment));
      }
      problems.push_back(std::move(problem));
    }
  }
  if (!problems.empty()) {
    return fail(to_error(problems, file.path(), file.text));
  }
  return {};
}

Result<Description> description_of(FileSystem& files,
                                   const std::vector<SearchFolder>& folders,
                                   std::string_view id,
                                   Parts parts = Parts::all) {
  ATLINK_ASSIGN(const std::vector<PluginFile> chain, load_chain(files, folders, id, parts));
  Description description = merge_chain(chain, parts);
  ATLINK_CHECK(check_description(description, chain.front()));
  return description;
}

PluginInfo info_of(const PluginFile& file) {
  PluginInfo info;
  info.id = file.id;
  info.folder = file.folder;
  info.from = file.from;
  info.name = file.draft.name;
  info.version = file.draft.version;
  info.extends = file.draft.extends;
  info.replaces = file.draft.replaces;
  info.module = file.module;
  info.notes = file.notes;
  info.problem = file.problem;
  return info;
}

void add(std::vector<std::string>& to, const std::string& name) {
  if (std::find(to.begin(), to.end(), name) == to.end()) {
    to.push_back(name);
  }
}

template <class T>
void add_names(std::vector<std::string>& to, const std::vector<T>& named) {
  for (const T& each : named) {
    add(to, each.name);
  }
}

void add_ways(const Product& product, std::vector<std::string>& to) {
  const std::pair<const char*, bool> ways[]{{"oauth1", product.oauth1.has_value()},
                                            {"oauth2", product.oauth2.has_value()},
                                            {"token", product.token.has_value()},
                                            {"api_token", product.api_token.has_value()},
                                            {"basic", product.basic.has_value()}};
  for (const auto& [name, there] : ways) {
    if (there) {
      add(to, name);
    }
  }
}

PluginInfo::Offer offer_of(const Description& description) {
  PluginInfo::Offer offer;
  for (const Deployment deployment : description.deployments) {
    const auto product = resolve(description, deployment);
    if (product.has_value()) {
      add_ways(*product, offer.sign_in);
      add_names(offer.operations, product->operations);
      add_names(offer.recipes, product->recipes);
      add_names(offer.pagers, product->pagers);
      for (const std::string& catalogue : product->catalogues) {
        add(offer.catalogues, catalogue);
      }
    }
  }
  return offer;
}

Error taken(const PluginFile& file, const PluginFile& winner) {
  return make_error(
             ErrorCode::plugin_invalid,
             fmt::format("{}: the id \"{}\" is taken by the plugin in {}",
                         printable(file.path()),
                         file.id,
                         printable(winner.folder)),
             fmt::format("say \"replaces\": \"{}\" to take its place, or use another id", file.id))
      .with("file", file.path())
      .with("rule", std::string(RuleName("id-taken").str()));
}

/// What a listing says of a plugin folder.
PluginInfo judged(FileSystem& files,
                  const std::vector<SearchFolder>& folders,
                  const PluginFile& file,
                  const PluginFile& winner) {
  PluginInfo info = info_of(file);
  if (info.problem) {
    return info;
  }
  if (&file != &winner) {
    info.problem = taken(file, winner);
    return info;
  }
  auto description = description_of(files, folders, file.id);
  if (description.has_value()) {
    info.deployments = description->deployments;
    info.offer = offer_of(*description);
    info.notes = description->notes;
  } else {
    info.problem = std::move(description).error();
  }
  return info;
}

/// A search folder that is there and cannot be looked into.
std::optional<PluginInfo> unreadable_folder(FileSystem& files, const SearchFolder& search) {
  const auto entries = files.list(search.path);
  if (entries.has_value() || entries.error().code == ErrorCode::file_not_found) {
    return std::nullopt;
  }
  PluginInfo info;
  info.folder = search.path;
  info.from = search.from;
  info.problem = entries.error();
  return info;
}

}  // namespace

Registry::Registry(FileSystem& files, std::vector<SearchFolder> folders)
    : files_(files), folders_(std::move(folders)) {}

Result<std::vector<PluginInfo>> Registry::list() {
  ATLINK_ASSIGN(const std::vector<std::string> names, plugin_names(files_, folders_));
  std::vector<PluginInfo> all;
  for (const SearchFolder& search : folders_) {
    if (auto unreadable = unreadable_folder(files_, search)) {
      all.push_back(std::move(*unreadable));
    }
  }
  for (const std::string& name : names) {
    const std::vector<PluginFile> found = by_precedence(find_plugin(files_, folders_, name));
    for (const PluginFile& file : found) {
      const PluginFile& winner = found.front();
      const bool replaced = &file != &winner && !file.problem && winner.says_replaces();
      if (!replaced) {  // else the winner's note says it
        all.push_back(judged(files_, folders_, file, winner));
      }
    }
  }
  return all;
}

Result<Description> Registry::describe(std::string_view id, Parts parts) {
  return description_of(files_, folders_, id, parts);
}

Result<Product> Registry::product(std::string_view id, std::optional<Deployment> deployment) {
  ATLINK_ASSIGN(const Description description, describe(id));
  return resolve(description, deployment.value_or(preferred_of(description)));
}

Result<Product> Registry::product_with_operations(std::string_view id,
                                                  std::optional<Deployment> deployment) {
  ATLINK_ASSIGN(const std::vector<PluginFile> chain, load_chain(files_, folders_, id));
  const Description description = merge_chain(chain);
  ATLINK_CHECK(check_description(description, chain.front()));
  return read_with_catalogues(
      files_, chain, description, deployment.value_or(preferred_of(description)));
}

}  // namespace atlink::plugins
