// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/plugin_file.h"

#include "atlink/text.h"
#include "plugins/host/problem.h"
#include "plugins/host/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::size_t largest_description = std::size_t{1} << 20;

Error about(const Error& error, const std::string& path, std::string_view rule, std::string next) {
  Error invalid = make_error(ErrorCode::plugin_invalid,
                             fmt::format("{}: {}", printable(path), printable(error.message)),
                             std::move(next));
  return std::move(invalid).with("file", path).with("rule", std::string(rule));
}

Status load_text(FileSystem& files, PluginFile& file) {
  ATLINK_ASSIGN(const FileInfo info, files.stat(file.path(), true));
  if (info.kind != FileKind::regular) {
    return fail(about(make_error(ErrorCode::file_damaged, "this is not a regular file"),
                      file.path(),
                      "file",
                      "put the description itself there"));
  }
  if (info.size > largest_description) {
    return fail(about(make_error(ErrorCode::file_damaged,
                                 fmt::format("a description is not larger than {} bytes, and this "
                                             "has {}",
                                             largest_description,
                                             info.size)),
                      file.path(),
                      "too-large",
                      "put data that is not part of the description elsewhere"));
  }
  ATLINK_ASSIGN(file.text, files.read_all(file.path(), largest_description));
  return {};
}

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

Status read_description(FileSystem& files, PluginFile& file) {
  TrustCheck trust(files, file.from);
  ATLINK_CHECK(trust.check(file.folder));
  ATLINK_CHECK(trust.check(file.path()));
  file.notes = trust.notes();
  ATLINK_CHECK(load_text(files, file));
  auto document = json::parse(file.text, largest_description);
  if (!document.has_value()) {
    return fail(about(document.error(), file.path(), "json", "mend the JSON text"));
  }
  file.document = std::move(document).value();
  Reading reading(Reading::Stage::file);
  read_document(reading, file.document, file.draft);
  check_own(reading, file);
  if (!reading.problems().empty()) {
    return fail(to_error(reading.problems(), file.path(), file.text));
  }
  return {};
}

/// An error of the file system is a broken plugin too, and names its own code.
Error as_problem(Error error, const PluginFile& file) {
  if (error.code == ErrorCode::plugin_invalid || error.code == ErrorCode::plugin_untrusted) {
    return error;
  }
  const bool missing = error.code == ErrorCode::file_not_found;
  return about(missing ? make_error(error.code, "there is no product.json in this plugin folder")
                       : std::move(error),
               file.path(),
               "file",
               missing ? "put a description there, or remove the folder"
                       : "make the file readable, or remove the folder");
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

std::vector<PluginFile> find_plugin(FileSystem& files,
                                    const std::vector<SearchFolder>& folders,
                                    std::string_view id) {
  std::vector<PluginFile> found;
  for (const SearchFolder& search : folders) {
    PluginFile file;
    file.id = std::string(id);
    file.folder = search.path + "/" + file.id;
    file.from = search.from;
    if (!is_folder(files, file.folder)) {
      continue;
    }
    if (auto status = read_description(files, file); !status.has_value()) {
      file.problem = as_problem(std::move(status).error(), file);
    }
    file.module = find_module(files, file);
    found.push_back(std::move(file));
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
