// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/registry.h"

#include "atlink/text.h"
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
Status check_description(const Description& description) {
  const auto& all = description.deployments;
  const json::Value* preferred = description.document.find("preferred_deployment");
  std::vector<Problem> problems;
  if (preferred == nullptr && all.size() > 1) {
    problems.push_back({"",
                        "deployment",
                        "\"preferred_deployment\" is missing, and there are several deployments",
                        "say which one counts where nobody chose"});
  }
  if (std::find(all.begin(), all.end(), preferred_of(description)) == all.end()) {
    problems.push_back({"/preferred_deployment",
                        "deployment",
                        "the preferred deployment is not among the deployments",
                        "add it to \"deployments\", or prefer another one"});
  }
  if (!problems.empty()) {
    return fail(to_error(problems, description.folders.front() + "/product.json", {}));
  }
  for (const Deployment deployment : all) {
    ATLINK_CHECK(resolve(description, deployment).map([](const Product&) {}));
  }
  return {};
}

Result<Description> description_of(FileSystem& files,
                                   const std::vector<SearchFolder>& folders,
                                   std::string_view id) {
  ATLINK_ASSIGN(const std::vector<PluginFile> chain, load_chain(files, folders, id));
  Description description = merge_chain(chain);
  ATLINK_CHECK(check_description(description));
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
  info.notes = file.notes;
  info.problem = file.problem;
  return info;
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
      .with("rule", "id-taken");
}

}  // namespace

Registry::Registry(FileSystem& files, std::vector<SearchFolder> folders)
    : files_(files), folders_(std::move(folders)) {}

Result<std::vector<PluginInfo>> Registry::list() {
  ATLINK_ASSIGN(const std::vector<std::string> names, plugin_names(files_, folders_));
  std::vector<PluginInfo> all;
  for (const std::string& name : names) {
    const std::vector<PluginFile> found = by_precedence(find_plugin(files_, folders_, name));
    for (const PluginFile& file : found) {
      const bool wins = &file == &found.front();
      if (!wins && !file.problem && found.front().says_replaces()) {
        continue;  // the winner says that it replaces this one
      }
      PluginInfo info = info_of(file);
      if (!info.problem && !wins) {
        info.problem = taken(file, found.front());
      }
      if (!info.problem) {
        auto description = description_of(files_, folders_, name);
        if (description.has_value()) {
          info.deployments = description->deployments;
          info.notes = description->notes;
        } else {
          info.problem = std::move(description).error();
        }
      }
      all.push_back(std::move(info));
    }
  }
  return all;
}

Result<Description> Registry::describe(std::string_view id) {
  return description_of(files_, folders_, id);
}

Result<Product> Registry::product(std::string_view id, std::optional<Deployment> deployment) {
  ATLINK_ASSIGN(const Description description, describe(id));
  return resolve(description, deployment.value_or(preferred_of(description)));
}

}  // namespace atlink::plugins
