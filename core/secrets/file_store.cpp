// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/private_folders.h"

#include <utility>

namespace atlink {

namespace {

class FileVault final : public Vault {
 public:
  FileVault(FileSystem& files, std::string state_folder)
      : folders_(files, std::move(state_folder), ".json") {}

  [[nodiscard]] std::string_view kind() const override { return "file"; }

  [[nodiscard]] std::string name_of(RecordKind kind, std::string_view profile) const override {
    return folders_.of(kind).path_of(profile);
  }

  Status prepare(std::string_view /*profile*/) override { return {}; }

  [[nodiscard]] Result<Held> lock(RecordKind kind) override { return folders_.of(kind).lock(); }

  [[nodiscard]] Result<Held> lock_renewal(std::string_view profile,
                                          std::chrono::milliseconds patience) override {
    return folders_.of(RecordKind::renewal).lock_one(profile, patience);
  }

  [[nodiscard]] Result<std::optional<VaultRecord>> read(RecordKind kind,
                                                        std::string_view profile) override {
    ATLINK_ASSIGN(auto text, folders_.of(kind).read(profile));
    if (!text) {
      return std::nullopt;
    }
    return std::optional<VaultRecord>(VaultRecord{std::move(*text), {}});
  }

  [[nodiscard]] Result<bool> write(const VaultWrite& record) override {
    ATLINK_CHECK(folders_.of(record.kind).write(record.profile, record.text));
    return true;
  }

  Status erase(RecordKind kind, std::string_view profile) override {
    return erase_file(folders_.of(kind), profile);
  }

  Status check_writable(std::string_view profile) override {
    ATLINK_CHECK(folders_.of(RecordKind::pending).check_writable(profile));
    return folders_.of(RecordKind::credential).check_writable(profile);
  }

 private:
  PrivateFolders folders_;
};

}  // namespace

Status erase_file(PrivateFolder& folder, std::string_view profile) {
  ATLINK_ASSIGN(const bool anything, folder.exists());
  if (!anything) {
    return {};
  }
  ATLINK_ASSIGN(const auto lock, folder.lock());
  return folder.erase(profile);
}

std::unique_ptr<CredentialStore> make_file_store(FileSystem& files, std::string state_folder) {
  return make_record_store(std::make_unique<FileVault>(files, std::move(state_folder)));
}

}  // namespace atlink
