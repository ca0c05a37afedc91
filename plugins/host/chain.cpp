// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/chain.h"

#include "atlink/text.h"
#include "plugins/host/merge.h"
#include "plugins/host/problem.h"
#include "plugins/host/resolve.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::size_t longest_chain = 8;

/// Says that there is no such plugin, and what there is.
Error missing(FileSystem& files, const std::vector<SearchFolder>& folders, std::string_view id) {
  const auto names = plugin_names(files, folders);
  std::string next = names.has_value()
                         ? "run \"atlink plugin list\" to see where they are looked for"
                         : names.error().message;
  if (names.has_value() && !names->empty()) {
    const std::vector<std::string_view> known(names->begin(), names->end());
    const std::string_view meant = nearest(id, known);
    next = meant.empty()
               ? fmt::format("there are: {}", printable(fmt::format("{}", fmt::join(known, ", "))))
               : fmt::format("did you mean \"{}\"?", meant);
  }
  return make_error(ErrorCode::product_missing,
                    fmt::format("there is no product plugin \"{}\"", printable(id, 70)),
                    std::move(next));
}

/// Why `file` was passed over although it stands in a search folder.
std::string passed_over(const PluginFile& file) {
  return fmt::format("passed over {}: {}", printable(file.folder), file.problem->message);
}

/// The candidate that counts, after the ones of `skip`, which it takes the place of.
Result<PluginFile> choose(FileSystem& files,
                          const std::vector<SearchFolder>& folders,
                          std::string_view id,
                          const std::vector<PluginFile>& skip,
                          Parts parts) {
  std::vector<PluginFile> found;
  if (is_id(id)) {
    found = by_precedence(find_plugin(files, folders, id, parts));
  }
  const auto used = [&](const PluginFile& file) {
    return std::any_of(skip.begin(), skip.end(), [&](const PluginFile& other) {
      return other.folder == file.folder;
    });
  };
  found.erase(std::remove_if(found.begin(), found.end(), used), found.end());
  if (found.empty()) {
    return fail(missing(files, folders, id));
  }
  PluginFile chosen = std::move(found.front());
  if (chosen.problem) {
    return fail(std::move(*chosen.problem));
  }
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i].problem) {
      chosen.notes.push_back(passed_over(found[i]));
    } else if (chosen.says_replaces()) {
      chosen.notes.push_back(fmt::format(
          "{} replaces the plugin in {}", printable(chosen.folder), printable(found[i].folder)));
    } else {
      chosen.notes.push_back(fmt::format("the plugin in {} is not used, because its id is taken",
                                         printable(found[i].folder)));
    }
  }
  return chosen;
}

Problem extends_problem(RuleName rule, std::string message, std::string next) {
  return {"/extends", rule, std::move(message), std::move(next)};
}

bool in_chain(const std::vector<PluginFile>& chain, std::string_view id) {
  return std::any_of(
      chain.begin(), chain.end(), [&](const PluginFile& file) { return file.id == id; });
}

/// The description that the last of `chain` extends.
Result<PluginFile> load_base(FileSystem& files,
                             const std::vector<SearchFolder>& folders,
                             const std::vector<PluginFile>& chain,
                             Parts parts) {
  const PluginFile& last = chain.back();
  const std::string& id = last.draft.extends;
  const auto broken = [&](Problem problem) {
    return fail(to_error({std::move(problem)}, last.path(), last.text));
  };
  if (chain.size() >= longest_chain) {
    return broken(
        extends_problem("extends-depth",
                        fmt::format("more than {} descriptions build on each other", chain.size()),
                        "write out in one what several of them say"));
  }
  // The same id again is one that this takes the place of; another one that was seen is a circle.
  if (id != last.id && in_chain(chain, id)) {
    return broken(extends_problem("extends-cycle",
                                  fmt::format("\"{}\" builds on itself through this", id),
                                  "let one of them extend nothing"));
  }
  auto base = choose(files, folders, id, id == last.id ? chain : std::vector<PluginFile>{}, parts);
  if (base.has_value()) {
    return base;
  }
  if (base.error().code == ErrorCode::product_missing) {
    return broken(extends_problem("extends-missing",
                                  fmt::format("there is no plugin \"{}\" to build on", id),
                                  base.error().next));
  }
  return fail(std::move(base).error().with("needed_by", last.id));
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const std::string& note : more) {
    if (std::find(to.begin(), to.end(), note) == to.end()) {
      to.push_back(note);
    }
  }
}

}  // namespace

Result<std::vector<PluginFile>> load_chain(FileSystem& files,
                                           const std::vector<SearchFolder>& folders,
                                           std::string_view id,
                                           Parts parts) {
  ATLINK_ASSIGN(PluginFile first, choose(files, folders, id, {}, parts));
  return load_chain_of(files, folders, std::move(first), parts);
}

Result<std::vector<PluginFile>> load_chain_of(FileSystem& files,
                                              const std::vector<SearchFolder>& folders,
                                              PluginFile first,
                                              Parts parts) {
  std::vector<PluginFile> chain;
  chain.push_back(std::move(first));
  while (!chain.back().draft.extends.empty()) {
    ATLINK_ASSIGN(PluginFile base, load_base(files, folders, chain, parts));
    chain.push_back(std::move(base));
  }
  return chain;
}

Description merge_chain(const std::vector<PluginFile>& chain, Parts parts) {
  Description description;
  description.id = chain.front().id;
  description.parts = parts;
  Origins origins;
  Origins* const kept = parts == Parts::all ? &origins : nullptr;
  json::Value own{json::Object{}};
  for (const auto& [name, value] : *chain.front().document.as_object()) {
    if (is_own_member(name) && name != "$schema") {
      own.set(name, value);
    }
  }
  merge_description(description.document, own, description.id, kept);
  for (auto file = chain.rbegin(); file != chain.rend(); ++file) {
    json::Value part = file->document;
    for (const auto& [name, value] : *file->document.as_object()) {
      if (is_own_member(name)) {
        erase_member(part, name);
      }
    }
    merge_description(description.document, part, file->id, kept);
  }
  for (const PluginFile& file : chain) {
    description.folders.push_back(file.folder);
    if (file.module) {
      description.modules.push_back(*file.module);
    }
    append(description.notes, file.notes);
  }
  description.origins.assign(origins.begin(), origins.end());
  description.deployments = deployments_of(description.document);
  return description;
}

}  // namespace atlink::plugins
