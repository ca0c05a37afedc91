// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/plugin_file.h"

#include "atlink/text.h"
#include "plugins/host/json_file.h"
#include "plugins/host/merge.h"
#include "plugins/host/problem.h"
#include "plugins/host/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace atlink::plugins {

namespace {

/// What one file must fulfil beside what its members must.
void check_own(Reading& reading, const PluginFile& file) {
  const Draft& draft = file.draft;
  if (!draft.id.empty() && draft.id != file.id) {
    const Reading::Step step(reading, "id");
    reading.report("folder-name",
                   fmt::format("the id is \"{}\", and the folder is named \"{}\"",
                               printable(draft.id, 70),
                               printable(file.id, 70)),
                   "name the folder after the id");
  }
  if (!draft.replaces.empty() && draft.replaces != draft.id) {
    const Reading::Step step(reading, "replaces");
    reading.report("replaces",
                   "a description can only replace the one with its own id",
                   fmt::format("write \"{}\", or leave it out", printable(draft.id, 70)));
  }
  if (!draft.extends.empty() && draft.extends == draft.id && draft.replaces != draft.id) {
    const Reading::Step step(reading, "extends");
    reading.report("extends-cycle",
                   "a description cannot extend itself",
                   "add \"replaces\" to build on the one that this takes the place of");
  }
}

/// Takes out what requests have no use for, in a document or one deployment's part of it.
void leave_for_requests(json::Value& document) {
  for (const char* name : {"operations", "recipes", "catalogues", "link", "detect"}) {
    erase_member(document, name);
  }
}

void leave_parts(json::Value& document, Parts parts) {
  json::Object* members = document.as_object();
  if (parts == Parts::all || members == nullptr) {
    return;
  }
  leave_for_requests(document);
  for (auto& [name, value] : *members) {
    json::Object* deployments = name == "deployments" ? value.as_object() : nullptr;
    for (std::size_t i = 0; deployments != nullptr && i < deployments->size(); ++i) {
      leave_for_requests((*deployments)[i].second);
    }
  }
}

Status read_description(FileSystem& files, PluginFile& file, Parts parts) {
  TrustCheck trust(files, file.from);
  ATLINK_CHECK(trust.check(file.folder));
  ATLINK_CHECK(trust.check(file.path()));
  file.notes = trust.notes();
  ATLINK_ASSIGN(file.text, load_text(files, file.path()));
  ATLINK_ASSIGN(file.document, parse_text(file.text, file.path()));
  leave_parts(file.document, parts);
  Reading reading(Reading::Stage::file);
  read_document(reading, file.document, file.draft);
  check_own(reading, file);
  file.problems = reading.problems();
  if (!file.problems.empty()) {
    return fail(to_error(file.problems, file.path(), file.text));
  }
  return {};
}

int precedence(const PluginFile& file) {
  if (file.document.is_null()) {
    return 3;
  }
  if (file.says_replaces()) {
    return 0;
  }
  return file.from == SearchFolder::From::installed ? 1 : 2;
}

/// Whatever stands in its place; what it is worth is found out when it is used.
std::optional<ModuleFile> find_module(FileSystem& files, const PluginFile& file) {
  ModuleFile module{file.id, file.folder, file.from};
  return files.stat(module.path(), false).has_value() ? std::optional(std::move(module))
                                                      : std::nullopt;
}

bool is_folder(FileSystem& files, const std::string& path) {
  const auto info = files.stat(path, true);
  return info.has_value() && info->kind == FileKind::folder;
}

}  // namespace

PluginFile read_plugin(
    FileSystem& files, std::string id, std::string folder, SearchFolder::From from, Parts parts) {
  PluginFile file;
  file.id = std::move(id);
  file.folder = std::move(folder);
  file.from = from;
  if (auto status = read_description(files, file, parts); !status.has_value()) {
    file.problem = as_problem(std::move(status).error(),
                              file.path(),
                              "there is no product.json in this plugin folder",
                              "put a description there, or remove the folder");
  }
  file.module = find_module(files, file);
  return file;
}

std::vector<PluginFile> find_plugin(FileSystem& files,
                                    const std::vector<SearchFolder>& folders,
                                    std::string_view id,
                                    Parts parts) {
  std::vector<PluginFile> found;
  for (const SearchFolder& search : folders) {
    std::string folder = fmt::format("{}/{}", search.path, id);
    if (is_folder(files, folder)) {
      found.push_back(read_plugin(files, std::string(id), std::move(folder), search.from, parts));
    }
  }
  return found;
}

std::vector<PluginFile> by_precedence(std::vector<PluginFile> found) {
  std::stable_sort(found.begin(), found.end(), [](const PluginFile& a, const PluginFile& b) {
    return precedence(a) < precedence(b);
  });
  return found;
}

Result<std::vector<std::string>> plugin_names(FileSystem& files,
                                              const std::vector<SearchFolder>& folders) {
  std::set<std::string> names;
  for (const SearchFolder& search : folders) {
    auto entries = files.list(search.path);
    if (!entries.has_value()) {
      if (search.from == SearchFolder::From::flag) {
        return fail(std::move(entries).error());
      }
      continue;
    }
    for (std::string& name : *entries) {
      if (!name.empty() && name.front() != '.' && is_folder(files, search.path + "/" + name)) {
        names.insert(std::move(name));
      }
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace atlink::plugins
