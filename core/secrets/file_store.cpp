// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "atlink/profile.h"
#include "core/secrets/private_folder.h"
#include "core/secrets/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink {

namespace {

/// The next step where a file of a profile cannot be read.
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

/// Reads a record; none where there is no file.
template <class Record, class Read>
Result<std::optional<Record>> load_record(PrivateFolder& folder,
                                          std::string_view profile,
                                          WayOut way_out,
                                          Read read) {
  ATLINK_CHECK(check_profile_name(profile));
  ATLINK_ASSIGN(const auto text, folder.read(profile));
  if (!text) {
    return std::nullopt;
  }
  ATLINK_ASSIGN(Record record, read(*text, folder.path_of(profile), way_out(profile)));
  return std::optional<Record>(std::move(record));
}

template <class Record>
Status save_record(PrivateFolder& folder, std::string_view profile, const Record& record) {
  ATLINK_CHECK(check_profile_name(profile));
  ATLINK_ASSIGN(const auto lock, folder.lock());
  return folder.write(profile, records::write(record));
}

Status erase_record(PrivateFolder& folder, std::string_view profile) {
  ATLINK_CHECK(check_profile_name(profile));
  ATLINK_ASSIGN(const bool anything, folder.exists());
  if (!anything) {
    return {};
  }
  ATLINK_ASSIGN(const auto lock, folder.lock());
  return folder.erase(profile);
}

class FileStore final : public CredentialStore {
 public:
  FileStore(FileSystem& files, const std::string& state_folder)
      : credentials_(files, state_folder + "/credentials"),
        pending_(files, state_folder + "/pending"),
        consumers_(files, state_folder + "/consumers"),
        renewals_(files, state_folder + "/renewals") {}

  [[nodiscard]] std::string_view kind() const override { return "file"; }

  [[nodiscard]] Result<std::optional<Credential>> load(std::string_view profile) override {
    return load_record<Credential>(credentials_, profile, sign_in_again, records::read_credential);
  }

  Status save(std::string_view profile, const Credential& credential) override {
    ATLINK_CHECK(check_kept(profile, credential));
    ATLINK_ASSIGN(const auto lock, credentials_.lock());
    // What cannot be read is replaced: signing in again is the way out of a damaged file.
    const auto before = load(profile);
    const bool readable = before.has_value() && before->has_value();
    return write(
        profile, credential, std::max(credential.version, readable ? (*before)->version : 0) + 1);
  }

  [[nodiscard]] Result<bool> replace(std::string_view profile,
                                     std::int64_t version,
                                     const Credential& credential) override {
    ATLINK_CHECK(check_kept(profile, credential));
    ATLINK_ASSIGN(const auto lock, credentials_.lock());
    ATLINK_ASSIGN(const auto before, load(profile));
    if (!before || before->version != version) {
      return false;
    }
    ATLINK_CHECK(write(profile, credential, version + 1));
    return true;
  }

  Status erase(std::string_view profile) override {
    ATLINK_CHECK(erase_record(credentials_, profile));
    return erase_record(renewals_, profile);
  }

  [[nodiscard]] Result<std::unique_ptr<FileSystem::Lock>> lock_renewal(
      std::string_view profile, std::chrono::milliseconds patience) override {
    ATLINK_CHECK(check_profile_name(profile));
    return renewals_.lock_one(profile, patience);
  }

  [[nodiscard]] Result<std::optional<Renewal>> load_renewal(std::string_view profile) override {
    return load_record<Renewal>(renewals_, profile, sign_in_again, records::read_renewal);
  }

  Status save_renewal(std::string_view profile, const Renewal& renewal) override {
    return save_record(renewals_, profile, renewal);
  }

  Status erase_renewal(std::string_view profile) override {
    return erase_record(renewals_, profile);
  }

  [[nodiscard]] Result<std::optional<PendingLogin>> load_pending(
      std::string_view profile) override {
    return load_record<PendingLogin>(pending_, profile, begin_again, records::read_pending);
  }

  Status save_pending(std::string_view profile, const PendingLogin& pending) override {
    return save_record(pending_, profile, pending);
  }

  Status erase_pending(std::string_view profile) override {
    return erase_record(pending_, profile);
  }

  [[nodiscard]] Result<std::optional<ConsumerSecret>> load_consumer(
      std::string_view profile) override {
    return load_record<ConsumerSecret>(
        consumers_, profile, give_secret_again, records::read_consumer);
  }

  Status save_consumer(std::string_view profile, const ConsumerSecret& secret) override {
    return save_record(consumers_, profile, secret);
  }

  Status erase_consumer(std::string_view profile) override {
    return erase_record(consumers_, profile);
  }

  Status check_writable() override {
    ATLINK_CHECK(pending_.check_writable());
    return credentials_.check_writable();
  }

 private:
  static Status check_kept(std::string_view profile, const Credential& credential) {
    ATLINK_CHECK(check_profile_name(profile));
    if (credential.read_only) {
      return fail(ErrorCode::credential_read_only,
                  "a credential from the environment is not written to a file",
                  "unset the variables that it comes from, then sign in");
    }
    return {};
  }

  Status write(std::string_view profile, const Credential& credential, std::int64_t version) {
    Credential written = clone(credential);
    written.version = version;
    return credentials_.write(profile, records::write(written));
  }

  PrivateFolder credentials_;
  PrivateFolder pending_;
  PrivateFolder consumers_;
  PrivateFolder renewals_;
};

}  // namespace

std::unique_ptr<CredentialStore> make_file_store(FileSystem& files, std::string state_folder) {
  return std::make_unique<FileStore>(files, state_folder);
}

}  // namespace atlink
