// SPDX-License-Identifier: Apache-2.0
#include "atlink/profile.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

namespace atlink {

namespace {

/// A variable that names a folder, without trailing slashes; none where it is empty or relative
/// ("All paths set in these environment variables must be absolute. If an implementation encounters
/// a relative path […] it should consider the path invalid and ignore it").
std::optional<std::string> folder_in(const Environment& environment, const std::string& name) {
  std::optional<std::string> value = environment.get(name);
  if (!value || value->empty() || value->front() != '/') {
    return std::nullopt;
  }
  while (!value->empty() && value->back() == '/') {
    value->pop_back();
  }
  return value;
}

Result<std::string> folder_from(const Environment& environment,
                                const std::string& variable,
                                std::string_view below_home) {
  if (const auto given = folder_in(environment, variable)) {
    return *given + "/atlink";
  }
  if (const auto home = folder_in(environment, "HOME")) {
    return fmt::format("{}/{}/atlink", *home, below_home);
  }
  return fail(ErrorCode::file_not_found,
              fmt::format("neither {} nor HOME says where to keep files", variable),
              fmt::format("set HOME or {} to an absolute path", variable));
}

}  // namespace

Result<Folders> folders_from(const Environment& environment) {
  Folders folders;
  ATLINK_ASSIGN(folders.config, folder_from(environment, "XDG_CONFIG_HOME", ".config"));
  ATLINK_ASSIGN(folders.data, folder_from(environment, "XDG_DATA_HOME", ".local/share"));
  ATLINK_ASSIGN(folders.state, folder_from(environment, "XDG_STATE_HOME", ".local/state"));
  return folders;
}

}  // namespace atlink
