// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "core/secrets/private_folders.h"

#include <fmt/format.h>

#include <utility>

namespace atlink {

Keyring::~Keyring() = default;

namespace {

/// The folders hold locks and the renewal journal; the records are in the keyring.
class KeyringVault final : public Vault {
 public:
  KeyringVault(const Platform& platform, std::string state_folder, std::unique_ptr<Keyring> keyring)
      : folders_(platform.files, std::move(state_folder) + "/keyring", ".json"),
        keyring_(std::move(keyring)) {}

  [[nodiscard]] std::string_view kind() const override { return "keyring"; }

  [[nodiscard]] std::string name_of(RecordKind kind, std::string_view profile) const override {
    return fmt::format("the {} of {} in the keyring", to_string(kind), profile);
  }

  Status prepare(std::string_view /*profile*/) override { return {}; }

  [[nodiscard]] Result<Held> lock(RecordKind kind) override { return folders_.of(kind).lock(); }

  [[nodiscard]] Result<Held> lock_renewal(std::string_view profile,
                                          std::chrono::milliseconds patience) override {
    return folders_.of(RecordKind::renewal).lock_one(profile, patience);
  }

  [[nodiscard]] Result<std::optional<VaultRecord>> read(RecordKind kind,
                                                        std::string_view profile) override {
    ATLINK_ASSIGN(auto text,
                  kind == RecordKind::renewal ? folders_.of(kind).read(profile)
                                              : keyring_->get(entry(kind, profile)));
    if (!text) {
      return std::nullopt;
    }
    return std::optional<VaultRecord>(VaultRecord{std::move(*text), {}});
  }

  [[nodiscard]] Result<bool> write(const VaultWrite& record) override {
    if (record.kind == RecordKind::renewal) {
      ATLINK_CHECK(folders_.of(record.kind).write(record.profile, record.text));
    } else {
      ATLINK_CHECK(keyring_->put(entry(record.kind, record.profile), record.text));
    }
    return true;
  }

  Status erase(RecordKind kind, std::string_view profile) override {
    if (kind == RecordKind::renewal) {
      return erase_file(folders_.of(kind), profile);
    }
    return keyring_->erase(entry(kind, profile));
  }

  Status check_writable(std::string_view profile) override {
    ATLINK_CHECK(folders_.of(RecordKind::credential).check_writable(profile));
    return keyring_->check();
  }

 private:
  static Keyring::Entry entry(RecordKind kind, std::string_view profile) {
    return {std::string(profile), std::string(to_string(kind))};
  }

  PrivateFolders folders_;
  std::unique_ptr<Keyring> keyring_;
};

}  // namespace

std::unique_ptr<CredentialStore> make_keyring_store(const Platform& platform,
                                                    std::string state_folder,
                                                    std::unique_ptr<Keyring> keyring) {
  return make_record_store(
      std::make_unique<KeyringVault>(platform, std::move(state_folder), std::move(keyring)));
}

}  // namespace atlink
