// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "plugins/host/registry.h"
#include "tests/plugins/memory_files.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink::tests {

/// The bytes of a file of the source tree; stops the test where there is no such file.
[[nodiscard]] std::string source(const std::string& name);

/// The bytes of tests/plugins/data/`name`; stops the test where there is no such file.
[[nodiscard]] std::string plugin_data(const std::string& name);

/// The made-up product of the documentation.
[[nodiscard]] json::Value acme();

/// The smallest description: what every file needs, with `more` over it.
[[nodiscard]] json::Value small(const std::string& id, json::Object more = {});

/// A machine with four search folders: /flag, /env, /home/user/data/plugins and /usr/share/plugins.
struct PluginFolders {
  MemoryFiles files;
  std::vector<plugins::SearchFolder> folders{
      {"/flag", plugins::SearchFolder::From::flag},
      {"/env", plugins::SearchFolder::From::environment},
      {"/home/user/data/plugins", plugins::SearchFolder::From::user},
      {"/usr/share/plugins", plugins::SearchFolder::From::installed},
  };

  /// Each without anything in it.
  PluginFolders();

  void put(const std::string& folder, const std::string& id, const json::Value& description);

  [[nodiscard]] plugins::Registry registry() { return {files, folders}; }

  static constexpr const char* flag = "/flag";
  static constexpr const char* environment = "/env";
  static constexpr const char* user = "/home/user/data/plugins";
  static constexpr const char* installed = "/usr/share/plugins";
};

/// Message and next step in one text.
[[nodiscard]] std::string said(const Error& error);

}  // namespace atlink::tests
