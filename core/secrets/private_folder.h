// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atlink {

/// A folder of mode 0700 with secret files of mode 0600, and the lock beside it under which they
/// change. What others can read or put there is refused, and so is a symbolic link in a file's
/// place.
class PrivateFolder {
 public:
  /// `folder` is made when something is first written; its files' names end in `ending`. `files`
  /// must outlive this.
  PrivateFolder(FileSystem& files, std::string folder, std::string ending = ".json");

  [[nodiscard]] std::string path_of(std::string_view name) const;

  /// Waits for the lock "`folder`.lock"; makes the folder and judges it. Hold it while reading,
  /// changing and writing. Fails with `file_locked`, `file_permissions`, `file_unwritable`.
  [[nodiscard]] Result<std::unique_ptr<FileSystem::Lock>> lock();

  /// The same for one file alone, whoever changes others: "NAME.lock" in the folder.
  [[nodiscard]] Result<std::unique_ptr<FileSystem::Lock>> lock_one(
      std::string_view name, std::chrono::milliseconds patience);

  /// Whether the folder is there; without it there is nothing to erase and no lock to take.
  [[nodiscard]] Result<bool> exists();

  /// A file's bytes; none where there is no file. Fails with `file_permissions` where others can
  /// read it or it belongs to somebody else, `file_damaged` where it is no regular file.
  [[nodiscard]] Result<std::optional<Secret>> read(std::string_view name);

  /// Replaces a file, whole. The lock must be held.
  Status write(std::string_view name, const Secret& bytes);

  /// Removes a file, and what a killed run may have left of it. Fine where there is none. The lock
  /// must be held.
  Status erase(std::string_view name);

  /// Tries to write; leaves nothing. Fails with `file_damaged` where something that no file can
  /// replace has the name of this one.
  Status check_writable(std::string_view name);

 private:
  Status judge_folder();
  Status check_replaceable(const std::string& path);
  Status probe(const std::string& path);

  FileSystem& files_;
  std::string folder_;
  std::string ending_;
};

}  // namespace atlink
