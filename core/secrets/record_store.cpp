// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "atlink/kept_secret.h"
#include "atlink/profile.h"
#include "core/secrets/records.h"
#include "core/secrets/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink {

namespace {

constexpr int most_tries = 5;

/// The next step where a record of a profile cannot be read.
using WayOut = std::string (*)(std::string_view profile);

std::string sign_in_again(std::string_view profile) {
  return fmt::format(
      "sign in again, which replaces it: atlink login --profile {0}; or remove it: atlink logout "
      "--profile {0}",
      profile);
}

std::string begin_again(std::string_view profile) {
  return fmt::format("begin again, which replaces it: atlink login --begin --profile {}", profile);
}

std::string give_secret_again(std::string_view profile) {
  return fmt::format("give the secret again: atlink profile set {} --secret-file FILE", profile);
}

/// Whether what could not be read must not be written over: it may be whole.
bool may_be_whole(const Error& error) {
  return error.code != ErrorCode::file_damaged && error.code != ErrorCode::file_permissions &&
         error.code != ErrorCode::file_unreadable;
}

/// When nothing of a credential is of use any more, as far as known.
std::optional<TimePoint> end_of(const Credential& credential) {
  const bool renewable = !credential.refresh_token.empty() || !credential.session_handle.empty();
  return renewable ? credential.session_ends_at : credential.expires_at;
}

class RecordStore final : public CredentialStore {
 public:
  explicit RecordStore(std::unique_ptr<Vault> vault) : vault_(std::move(vault)) {}

  [[nodiscard]] std::string_view kind() const override { return vault_->kind(); }

  [[nodiscard]] Result<std::optional<Credential>> load(std::string_view profile) override {
    return load_record<Credential>(
        RecordKind::credential, profile, sign_in_again, records::read_credential);
  }

  Status save(std::string_view profile, const Credential& credential) override {
    ATLINK_CHECK(check_kept(profile, credential));
    ATLINK_CHECK(vault_->prepare(profile));
    ATLINK_ASSIGN(const auto lock, vault_->lock(RecordKind::credential));
    for (int i = 0; i < most_tries; ++i) {
      ATLINK_ASSIGN(const auto before, replaceable(profile));
      ATLINK_ASSIGN(const bool written,
                    write(profile,
                          credential,
                          std::max(credential.version, before.counter) + 1,
                          before.expected));
      if (written) {
        return {};
      }
    }
    return fail(ErrorCode::store_conflict,
                fmt::format("{} is changed by somebody else all the time",
                            vault_->name_of(RecordKind::credential, profile)),
                "run the command again");
  }

  [[nodiscard]] Result<bool> replace(std::string_view profile,
                                     std::int64_t version,
                                     const Credential& credential) override {
    ATLINK_CHECK(check_kept(profile, credential));
    ATLINK_CHECK(vault_->prepare(profile));
    ATLINK_ASSIGN(const auto lock, vault_->lock(RecordKind::credential));
    ATLINK_ASSIGN(const auto stored, vault_->read(RecordKind::credential, profile));
    if (!stored) {
      return false;
    }
    ATLINK_ASSIGN(const Credential before, parse(*stored, profile));
    return before.version != version ? Result<bool>(false)
                                     : write(profile, credential, version + 1, stored->version);
  }

  Status erase(std::string_view profile) override {
    ATLINK_CHECK(erase_record(RecordKind::credential, profile));
    return erase_record(RecordKind::renewal, profile);
  }

  [[nodiscard]] Result<std::unique_ptr<FileSystem::Lock>> lock_renewal(
      std::string_view profile, std::chrono::milliseconds patience) override {
    ATLINK_CHECK(check_profile_name(profile));
    return vault_->lock_renewal(profile, patience);
  }

  [[nodiscard]] Result<std::optional<Renewal>> load_renewal(std::string_view profile) override {
    return load_record<Renewal>(RecordKind::renewal, profile, sign_in_again, records::read_renewal);
  }

  Status save_renewal(std::string_view profile, const Renewal& renewal) override {
    return save_record(RecordKind::renewal, profile, records::write(renewal), {});
  }

  Status erase_renewal(std::string_view profile) override {
    return erase_record(RecordKind::renewal, profile);
  }

  [[nodiscard]] Result<std::optional<PendingLogin>> load_pending(
      std::string_view profile) override {
    return load_record<PendingLogin>(
        RecordKind::pending, profile, begin_again, records::read_pending);
  }

  Status save_pending(std::string_view profile, const PendingLogin& pending) override {
    return save_record(RecordKind::pending, profile, records::write(pending), pending.expires_at);
  }

  Status erase_pending(std::string_view profile) override {
    return erase_record(RecordKind::pending, profile);
  }

  [[nodiscard]] Result<std::optional<ConsumerSecret>> load_consumer(
      std::string_view profile) override {
    return load_record<ConsumerSecret>(
        RecordKind::consumer, profile, give_secret_again, records::read_consumer);
  }

  Status save_consumer(std::string_view profile, const ConsumerSecret& secret) override {
    return save_record(RecordKind::consumer, profile, records::write(secret), {});
  }

  Status erase_consumer(std::string_view profile) override {
    return erase_record(RecordKind::consumer, profile);
  }

  Status check_writable(std::string_view profile) override {
    ATLINK_CHECK(check_profile_name(profile));
    ATLINK_CHECK(vault_->prepare(profile));
    return vault_->check_writable(profile);
  }

 private:
  /// What a new credential takes the place of.
  struct Before {
    std::int64_t counter = 0;
    std::optional<std::string> expected;
  };

  /// Records of consumers are also those of secrets that are kept beside (kept_secret.h).
  static Status check_name(RecordKind kind, std::string_view name) {
    return kind == RecordKind::consumer ? check_consumer_name(name) : check_profile_name(name);
  }

  static Status check_kept(std::string_view profile, const Credential& credential) {
    ATLINK_CHECK(check_profile_name(profile));
    if (credential.read_only) {
      return fail(ErrorCode::credential_read_only,
                  "a credential from the environment is not written to a file",
                  "unset the variables that it comes from, then sign in");
    }
    return {};
  }

  [[nodiscard]] Result<Credential> parse(const VaultRecord& record,
                                         std::string_view profile) const {
    return records::read_credential(
        record.text, vault_->name_of(RecordKind::credential, profile), sign_in_again(profile));
  }

  /// What cannot be read for good is replaced: signing in again is the way out of a damaged record.
  [[nodiscard]] Result<Before> replaceable(std::string_view profile) {
    auto stored = vault_->read(RecordKind::credential, profile);
    if (!stored) {
      if (may_be_whole(stored.error())) {
        return fail(std::move(stored).error());
      }
      return Before();
    }
    if (!*stored) {
      return Before{0, std::string()};
    }
    const auto credential = parse(**stored, profile);
    return Before{credential ? credential->version : 0, std::move((*stored)->version)};
  }

  [[nodiscard]] Result<bool> write(std::string_view profile,
                                   const Credential& credential,
                                   std::int64_t version,
                                   std::optional<std::string> expected) {
    Credential written = clone(credential);
    written.version = version;
    const Secret text = records::write(written);
    return vault_->write(
        {RecordKind::credential, profile, text, std::move(expected), end_of(written)});
  }

  /// Reads a record; none where there is none.
  template <class Record, class Read>
  Result<std::optional<Record>> load_record(RecordKind kind,
                                            std::string_view profile,
                                            WayOut way_out,
                                            Read read) {
    ATLINK_CHECK(check_name(kind, profile));
    ATLINK_ASSIGN(const auto stored, vault_->read(kind, profile));
    if (!stored) {
      return std::nullopt;
    }
    ATLINK_ASSIGN(Record record,
                  read(stored->text, vault_->name_of(kind, profile), way_out(profile)));
    return std::optional<Record>(std::move(record));
  }

  Status save_record(RecordKind kind,
                     std::string_view profile,
                     const Secret& text,
                     std::optional<TimePoint> expires) {
    ATLINK_CHECK(check_name(kind, profile));
    ATLINK_CHECK(vault_->prepare(profile));
    ATLINK_ASSIGN(const auto lock, vault_->lock(kind));
    ATLINK_CHECK(vault_->write({kind, profile, text, {}, expires}));
    return {};
  }

  Status erase_record(RecordKind kind, std::string_view profile) {
    ATLINK_CHECK(check_name(kind, profile));
    return vault_->erase(kind, profile);
  }

  std::unique_ptr<Vault> vault_;
};

}  // namespace

std::string_view to_string(RecordKind kind) {
  switch (kind) {
    case RecordKind::credential:
      return "credential";
    case RecordKind::pending:
      return "pending";
    case RecordKind::consumer:
      return "consumer";
    case RecordKind::renewal:
      return "renewal";
  }
  return {};
}

std::unique_ptr<CredentialStore> make_record_store(std::unique_ptr<Vault> vault) {
  return std::make_unique<RecordStore>(std::move(vault));
}

}  // namespace atlink
