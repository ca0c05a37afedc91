// SPDX-License-Identifier: Apache-2.0
#include "atlink/kept_secret.h"
#include "atlink/stores.h"
#include "core/secrets/private_folders.h"
#include "core/secrets/sealed_format.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace atlink {

Passphrases::~Passphrases() = default;

class SealedKeys {
 public:
  std::mutex mutex;
  std::map<std::string, sealed::Key, std::less<>> by_profile;
};

std::shared_ptr<SealedKeys> make_sealed_keys() {
  return std::make_shared<SealedKeys>();
}

namespace {

constexpr std::array secret_kinds{
    RecordKind::credential, RecordKind::consumer, RecordKind::pending};

std::string way_out(std::string_view profile) {
  return fmt::format(
      "remove what is sealed (atlink logout --profile {0}), then sign in again: atlink login "
      "--profile {0}",
      profile);
}

/// Whose passphrase seals a record: that of the profile whose secret is kept beside it
/// (kept_secret.h).
std::string_view owner_of(std::string_view name) {
  return name.substr(0, name.find('~'));
}

std::string about(RecordKind kind, std::string_view profile) {
  return fmt::format("atlink record\n{}\n{}\n", to_string(kind), profile);
}

class SealedVault final : public Vault {
 public:
  SealedVault(const Platform& platform,
              std::string state_folder,
              std::shared_ptr<Passphrases> passphrases,
              std::shared_ptr<SealedKeys> keys)
      : random_(platform.random),
        folders_(platform.files, std::move(state_folder) + "/sealed", ".sealed"),
        passphrases_(std::move(passphrases)),
        keys_(std::move(keys)) {}

  [[nodiscard]] std::string_view kind() const override { return "sealed"; }

  [[nodiscard]] std::string name_of(RecordKind kind, std::string_view profile) const override {
    return folders_.of(kind).path_of(profile);
  }

  /// Whatever is sealed with another passphrase than the one given must not get a neighbour that
  /// is sealed with this one.
  Status prepare(std::string_view profile) override {
    const std::lock_guard guard(keys_->mutex);
    const std::string_view owner = owner_of(profile);
    if (keys_->by_profile.find(owner) != keys_->by_profile.end()) {
      return {};
    }
    ATLINK_ASSIGN(const bool has_neighbour, opens_any(owner));
    if (has_neighbour) {
      return {};
    }
    ATLINK_ASSIGN(const Passphrase passphrase, passphrases_->of(owner, true));
    ATLINK_ASSIGN(sealed::Key key, sealed::make_key(random_, passphrase));
    keys_->by_profile.emplace(owner, std::move(key));
    return {};
  }

  [[nodiscard]] Result<Held> lock(RecordKind kind) override { return folders_.of(kind).lock(); }

  [[nodiscard]] Result<Held> lock_renewal(std::string_view profile,
                                          std::chrono::milliseconds patience) override {
    return folders_.of(RecordKind::renewal).lock_one(profile, patience);
  }

  [[nodiscard]] Result<std::optional<VaultRecord>> read(RecordKind kind,
                                                        std::string_view profile) override {
    const std::lock_guard guard(keys_->mutex);
    ATLINK_ASSIGN(
        auto text,
        kind == RecordKind::renewal ? folders_.of(kind).read(profile) : open(kind, profile));
    if (!text) {
      return std::nullopt;
    }
    return std::optional<VaultRecord>(VaultRecord{std::move(*text), {}});
  }

  [[nodiscard]] Result<bool> write(const VaultWrite& record) override {
    if (record.kind == RecordKind::renewal) {
      ATLINK_CHECK(folders_.of(record.kind).write(record.profile, record.text));
      return true;
    }
    const std::lock_guard guard(keys_->mutex);
    const auto key = keys_->by_profile.find(owner_of(record.profile));
    if (key == keys_->by_profile.end()) {
      return fail(ErrorCode::internal, "a sealed file is written before its key is known");
    }
    ATLINK_ASSIGN(
        std::string sealed,
        sealed::seal(random_, key->second, about(record.kind, record.profile), record.text));
    ATLINK_CHECK(folders_.of(record.kind).write(record.profile, Secret::take(sealed)));
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
  /// Whether anything of a profile is sealed already, and opens.
  [[nodiscard]] Result<bool> opens_any(std::string_view owner) {
    std::vector<std::pair<RecordKind, std::string>> all;
    all.reserve(secret_kinds.size() + every_kept_secret.size());
    for (const RecordKind kind : secret_kinds) {
      all.emplace_back(kind, owner);
    }
    for (const KeptSecret which : every_kept_secret) {
      all.emplace_back(RecordKind::consumer, kept_name(owner, which));
    }
    for (const auto& [kind, name] : all) {
      const auto text = open(kind, name);
      if (!text && text.error().code != ErrorCode::file_damaged) {
        return fail(text.error());
      }
      if (text && *text) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] Result<std::optional<Secret>> open(RecordKind kind, std::string_view profile) {
    ATLINK_ASSIGN(const auto bytes, folders_.of(kind).read(profile));
    if (!bytes) {
      return std::optional<Secret>();
    }
    const std::string name = name_of(kind, profile);
    ATLINK_ASSIGN(const sealed::Header header,
                  sealed::read_header(bytes->expose(), name, way_out(profile)));
    ATLINK_ASSIGN(const sealed::Key* key, key_of(header, profile, name));
    ATLINK_ASSIGN(Secret text,
                  sealed::unseal(
                      *key, header, about(kind, profile), bytes->expose(), name, way_out(profile)));
    return std::optional<Secret>(std::move(text));
  }

  [[nodiscard]] Result<const sealed::Key*> key_of(const sealed::Header& header,
                                                  std::string_view profile,
                                                  const std::string& name) {
    const auto known = keys_->by_profile.find(owner_of(profile));
    if (known != keys_->by_profile.end() && sealed::fits(known->second, header)) {
      return &known->second;
    }
    ATLINK_ASSIGN(const Passphrase passphrase, passphrases_->of(owner_of(profile), false));
    ATLINK_ASSIGN(auto key, sealed::key_for(header, passphrase.bytes));
    if (!key) {
      return fail(sealed::wrong_passphrase(
          name,
          fmt::format("check what was typed, or what ATLINK_PASSPHRASE, --passphrase-fd or the "
                      "key file gave; if it is lost, {}",
                      way_out(profile))));
    }
    return &(keys_->by_profile.insert_or_assign(std::string(owner_of(profile)), std::move(*key))
                 .first->second);
  }

  RandomSource& random_;
  PrivateFolders folders_;
  std::shared_ptr<Passphrases> passphrases_;
  std::shared_ptr<SealedKeys> keys_;
};

}  // namespace

std::unique_ptr<CredentialStore> make_sealed_store(const Platform& platform,
                                                   std::string state_folder,
                                                   std::shared_ptr<Passphrases> passphrases,
                                                   std::shared_ptr<SealedKeys> keys) {
  return make_record_store(std::make_unique<SealedVault>(
      platform, std::move(state_folder), std::move(passphrases), std::move(keys)));
}

}  // namespace atlink
