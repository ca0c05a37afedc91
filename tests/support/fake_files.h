// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::tests {

/// Thrown from inside the call at which the process is killed: nothing after it has an effect.
struct Killed {};

/// What a disk keeps over a power failure.
enum class Survives {
  /// Everything: the process was killed and the machine went on.
  all,
  /// The names in folders, but of contents only what was flushed: the rename of an unflushed file
  /// leaves an empty one.
  names,
  /// Only flushed contents under names of flushed folders.
  flushed,
};

/// Files in memory that can fail or die at the n-th call, and that forget after a power failure
/// what was not flushed. Paths must be absolute. Permissions are kept and told, not enforced;
/// symbolic links are followed where a path ends in one.
class FakeFileSystem final : public FileSystem {
 public:
  FakeFileSystem();

  // ---- arranging and looking; none of these counts as a call ----------------------------------

  /// A file that is there and flushed, with its folders.
  void put(const std::string& path, std::string_view content, unsigned mode = 0600);
  void put_link(const std::string& path, const std::string& target);
  void put_folder(const std::string& path, unsigned mode = 0700);
  void set_mode(const std::string& path, unsigned mode);
  void set_owner(const std::string& path, unsigned owner);
  void remove(const std::string& path);

  /// What a regular file holds; none where there is no regular file.
  [[nodiscard]] std::optional<std::string> content(const std::string& path) const;
  [[nodiscard]] unsigned mode(const std::string& path) const;
  /// Paths of all that is not a folder.
  [[nodiscard]] std::vector<std::string> files() const;

  // ---- faults ---------------------------------------------------------------------------------

  /// The n-th call from now (1 is the next) fails with `code`; a write has then written half.
  void fail_at(int call, ErrorCode code);
  /// So do all calls after it.
  void fail_from(int call, ErrorCode code);
  /// The process is killed in the n-th call from now: a write writes half, others do nothing.
  void kill_at(int call);
  /// No more faults; counts from here.
  void heal();

  /// Calls since the faults were arranged.
  [[nodiscard]] int calls() const { return calls_; }

  /// Whether an arranged fault has come.
  [[nodiscard]] bool struck() const { return struck_; }

  /// The process is gone, and its locks; with `survives` so is what the disk did not keep. Faults
  /// are healed.
  void restart(Survives survives);

  // ---- FileSystem -----------------------------------------------------------------------------

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

 private:
  struct Node {
    FileKind kind = FileKind::regular;
    unsigned mode = 0600;
    unsigned owner = 1000;
    std::string content;
    std::string flushed;
    std::string target;
  };

  using Names = std::map<std::string, std::shared_ptr<Node>>;
  class OpenFile;
  class HeldLock;

  /// Counts a call and says whether it must fail; throws Killed where the process dies.
  Status step(const std::string& path);
  /// As `step`, but a fault is left to the caller, who does half of the work first.
  [[nodiscard]] bool strikes();
  Status suffer(const std::string& path);
  [[nodiscard]] std::shared_ptr<Node> find(const std::string& path, bool follow) const;
  [[nodiscard]] bool is_empty(const std::string& folder) const;
  Status need_folder_of(const std::string& path) const;

  Names names_;
  Names flushed_names_;
  std::set<std::string> held_;
  ErrorCode code_ = ErrorCode::file_io;
  int calls_ = 0;
  int first_ = 0;
  int last_ = 0;
  bool kills_ = false;
  bool dead_ = false;
  bool struck_ = false;
};

}  // namespace atlink::tests
