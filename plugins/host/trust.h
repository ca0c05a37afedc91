// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"
#include "plugins/host/registry.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins {

/// Judges whether somebody else could have put something at a path, or could change it: every
/// folder on the way, every symbolic link and where it leads must belong to the user or root, and
/// neither group nor others may write to it (a folder on the way may be like /tmp, with the sticky
/// bit). What was found good is remembered.
class TrustCheck {
 public:
  /// `from` installed or flag: the group may write, with a note. Installed: what belongs to whoever
  /// owns this program is taken, too, since they could change the program itself.
  TrustCheck(FileSystem& files, SearchFolder::From from);

  /// Fails with `plugin_untrusted`, naming the file or folder at fault and the remedy, and with
  /// what `stat` says where there is nothing.
  Status check(const std::string& path);

  /// What is worth saying although it is allowed.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  [[nodiscard]] Status check_owner(const std::string& path, const FileInfo& info) const;
  Status check_mode(const std::string& path, const FileInfo& info, bool last);

  FileSystem& files_;
  unsigned user_;
  std::optional<unsigned> program_owner_;
  bool group_may_write_;
  std::set<std::string> good_;
  std::vector<std::string> notes_;
};

}  // namespace atlink::plugins
