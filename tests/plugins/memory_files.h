// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::tests {

/// Files in memory with owners, permissions and symbolic links, to be read only: a call that writes
/// fails the test. What was opened or listed is written down.
class MemoryFiles final : public FileSystem {
 public:
  struct Node {
    FileKind kind = FileKind::regular;
    /// Content of a file, or where a link leads.
    std::string text;
    unsigned mode = 0644;
    unsigned owner = 0;
  };

  MemoryFiles();

  /// Each makes the folders above it, with 0755 and the user as owner.
  void file(const std::string& path, std::string_view text);
  void folder(const std::string& path, unsigned mode = 0755);
  void link(const std::string& path, const std::string& target);

  /// What is at a path, for changing mode and owner. Fails the test where there is nothing.
  Node& at(const std::string& path);

  void remove(const std::string& path) { nodes_.erase(path); }

  [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string& path,
                                                   OpenMode how,
                                                   unsigned mode) override;
  [[nodiscard]] Result<std::unique_ptr<File>> open_descriptor(int descriptor) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status unlink(const std::string& path) override;
  Status remove_folder(const std::string& folder) override;
  [[nodiscard]] Result<FileInfo> stat(const std::string& path, bool follow) override;
  [[nodiscard]] Result<std::string> read_link(const std::string& path) override;

  [[nodiscard]] unsigned user() override { return 1000; }

  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override;
  Status make_folders(const std::string& folder, unsigned mode) override;
  Status flush_folder(const std::string& folder) override;
  [[nodiscard]] Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                                   std::chrono::milliseconds patience) override;

  std::vector<std::string> opened;
  std::vector<std::string> listed;
  /// What "/proc/self/exe" is; nothing is there unless a test puts it there.
  std::string program = "/usr/bin/program";
  /// What "/proc/self/cwd" is.
  std::string working_directory = "/home/user";
  /// Paths whose opening or listing fails with `file_unreadable`.
  std::vector<std::string> unreadable;

 private:
  /// The path without symbolic links; the last segment is followed only if asked.
  [[nodiscard]] Result<std::string> resolve(const std::string& path, bool follow_last, int links);
  void parents(const std::string& path);

  std::map<std::string, Node> nodes_;
};

}  // namespace atlink::tests
