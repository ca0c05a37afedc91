// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/registry.h"

#include <algorithm>

namespace atlink::plugins {

namespace {

std::string without_trailing_slash(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') {
    path.remove_suffix(1);
  }
  return std::string(path);
}

}  // namespace

std::string_view to_string(SearchFolder::From from) {
  switch (from) {
    case SearchFolder::From::flag:
      return "--plugin-dir";
    case SearchFolder::From::environment:
      return "ATLINK_PLUGIN_PATH";
    case SearchFolder::From::user:
      return "user";
    case SearchFolder::From::installed:
      break;
  }
  return "installed";
}

std::vector<SearchFolder> search_folders(const std::vector<std::string>& flags,
                                         const Environment& environment,
                                         std::string_view data_folder,
                                         std::string_view installed_folder) {
  std::vector<SearchFolder> folders;
  const auto add = [&](std::string_view path, SearchFolder::From from) {
    std::string clean = without_trailing_slash(path);
    const bool known = std::any_of(folders.begin(), folders.end(), [&](const SearchFolder& folder) {
      return folder.path == clean;
    });
    if (!clean.empty() && !known) {
      folders.push_back({std::move(clean), from});
    }
  };
  for (const std::string& flag : flags) {
    add(flag, SearchFolder::From::flag);
  }
  const std::string list = environment.get("ATLINK_PLUGIN_PATH").value_or("");
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    if (list[begin] == '/') {
      add(std::string_view(list).substr(begin, end - begin), SearchFolder::From::environment);
    }
    begin = end + 1;
  }
  if (!data_folder.empty()) {
    add(std::string(data_folder) + "/plugins", SearchFolder::From::user);
  }
  add(installed_folder, SearchFolder::From::installed);
  return folders;
}

}  // namespace atlink::plugins
