// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/secrets/private_folder.h"
#include "core/secrets/vault.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace atlink {

/// One private folder for each kind of record, below one folder.
class PrivateFolders {
 public:
  /// `ending` is that of the files' names, such as ".json"; the renewal journal, which holds no
  /// secret, is ".json" always.
  PrivateFolders(FileSystem& files, std::string below, const std::string& ending)
      : folders_{PrivateFolder(files, below + "/credentials", ending),
                 PrivateFolder(files, below + "/pending", ending),
                 PrivateFolder(files, below + "/consumers", ending),
                 PrivateFolder(files, std::move(below) + "/renewals", ".json")} {}

  [[nodiscard]] PrivateFolder& of(RecordKind kind) {
    return folders_[static_cast<std::size_t>(kind)];
  }

  [[nodiscard]] const PrivateFolder& of(RecordKind kind) const {
    return folders_[static_cast<std::size_t>(kind)];
  }

 private:
  std::array<PrivateFolder, 4> folders_;
};

/// Removes a file of a record, under the lock of its folder. Fine where there is none.
Status erase_file(PrivateFolder& folder, std::string_view profile);

}  // namespace atlink
