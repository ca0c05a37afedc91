// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "plugins/host/language/language.h"
#include "plugins/host/problem.h"
#include "plugins/host/registry.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins {

/// A plugin folder that was found, and its description as far as it could be read.
struct PluginFile {
  std::string id;
  std::string folder;
  SearchFolder::From from = SearchFolder::From::installed;
  /// The file's content, and what it says; empty where `problem` came before.
  std::string text;
  json::Value document;
  Draft draft;
  std::optional<ModuleFile> module;
  std::vector<std::string> notes;
  /// All that is wrong with the document by itself.
  std::vector<Problem> problems;
  /// Why it cannot be used.
  std::optional<Error> problem;

  [[nodiscard]] std::string path() const { return folder + "/product.json"; }

  [[nodiscard]] bool says_replaces() const { return draft.replaces == id; }
};

/// Reads and judges what lies in one plugin folder, whatever that is: all of it, or those parts.
[[nodiscard]] PluginFile read_plugin(FileSystem& files,
                                     std::string id,
                                     std::string folder,
                                     SearchFolder::From from,
                                     Parts parts = Parts::all);

/// The folders `<search folder>/<id>`, in search order, each with its product.json read and judged
/// by itself. A folder that is not there is left out.
[[nodiscard]] std::vector<PluginFile> find_plugin(FileSystem& files,
                                                  const std::vector<SearchFolder>& folders,
                                                  std::string_view id,
                                                  Parts parts = Parts::all);

/// The same in order of precedence: what says that it replaces, then what is installed, then the
/// others, each in search order; those whose file says nothing (unreadable or untrusted) last.
[[nodiscard]] std::vector<PluginFile> by_precedence(std::vector<PluginFile> found);

/// Names of the plugin folders in all search folders, sorted; nothing is opened. Fails where a
/// folder of the command line cannot be listed; others that cannot are left out.
[[nodiscard]] Result<std::vector<std::string>> plugin_names(
    FileSystem& files, const std::vector<SearchFolder>& folders);

}  // namespace atlink::plugins
