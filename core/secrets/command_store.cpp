// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "core/secrets/private_folder.h"
#include "core/secrets/store_command.h"
#include "core/secrets/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Longer than a renewal takes with all its calls; who waits for the lock is more patient.
constexpr seconds lease{150};
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{2000};
constexpr std::string_view lease_record = "lock";

/// The right to renew, among machines: a record that others respect until it ends or is erased.
class Lease final : public FileSystem::Lock {
 public:
  Lease(std::shared_ptr<StoreCommand> command,
        std::string profile,
        std::string version,
        std::unique_ptr<FileSystem::Lock> here)
      : command_(std::move(command)),
        profile_(std::move(profile)),
        version_(std::move(version)),
        here_(std::move(here)) {}

  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  ~Lease() override {
    // Where this fails it ends by itself.
    static_cast<void>(command_->erase({profile_, lease_record}, version_));
  }

 private:
  std::shared_ptr<StoreCommand> command_;
  std::string profile_;
  std::string version_;
  /// Given back last: whoever waits for it here finds the lease free.
  std::unique_ptr<FileSystem::Lock> here_;
};

class CommandVault final : public Vault {
 public:
  CommandVault(const Platform& platform, std::string state_folder, std::vector<std::string> command)
      : platform_(platform),
        command_(std::make_shared<StoreCommand>(platform, std::move(command))) {
    if (!state_folder.empty()) {
      locks_.emplace(platform.files, std::move(state_folder) + "/shared");
    }
  }

  [[nodiscard]] std::string_view kind() const override { return "command"; }

  [[nodiscard]] std::string name_of(RecordKind kind, std::string_view profile) const override {
    return fmt::format("the {} record of {} in {}", to_string(kind), profile, command_->program());
  }

  Status prepare(std::string_view /*profile*/) override { return {}; }

  [[nodiscard]] Result<Held> lock(RecordKind /*kind*/) override { return Held(); }

  [[nodiscard]] Result<Held> lock_renewal(std::string_view profile,
                                          milliseconds patience) override {
    Held here;
    if (locks_) {
      ATLINK_ASSIGN(here, locks_->lock_one(profile, patience));
    }
    const auto deadline = platform_.clock.steady() + patience;
    for (milliseconds pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
      ATLINK_ASSIGN(auto version, try_lease(profile));
      if (version) {
        return Held(std::make_unique<Lease>(
            command_, std::string(profile), std::move(*version), std::move(here)));
      }
      if (platform_.clock.steady() + pause >= deadline) {
        return fail(ErrorCode::file_locked,
                    fmt::format("another machine has been renewing the credential of {} for too "
                                "long",
                                profile),
                    "run the command again");
      }
      ATLINK_CHECK(platform_.clock.sleep(pause));
    }
  }

  [[nodiscard]] Result<std::optional<VaultRecord>> read(RecordKind kind,
                                                        std::string_view profile) override {
    ATLINK_ASSIGN(auto found, command_->get({profile, to_string(kind)}));
    if (!found) {
      return std::nullopt;
    }
    return std::optional<VaultRecord>(
        VaultRecord{std::move(found->value), std::move(found->version)});
  }

  [[nodiscard]] Result<bool> write(const VaultWrite& record) override {
    std::optional<std::string> expires;
    if (record.expires) {
      expires = to_rfc3339(*record.expires);
    }
    ATLINK_ASSIGN(
        const auto version,
        command_->store(
            {record.profile, to_string(record.kind)}, record.text, record.expected, expires));
    return version.has_value();
  }

  Status erase(RecordKind kind, std::string_view profile) override {
    ATLINK_CHECK(command_->erase({profile, to_string(kind)}, {}));
    return {};
  }

  /// By a write: a program that only reads says so before a browser opens.
  Status check_writable(std::string_view profile) override {
    const StoreCommand::Name name{profile, "probe"};
    ATLINK_CHECK(command_->store(name, Secret("probe"), {}, {}));
    ATLINK_CHECK(command_->erase(name, {}));
    return {};
  }

 private:
  /// The version of a lease that is ours now; none while it is another's.
  [[nodiscard]] Result<std::optional<std::string>> try_lease(std::string_view profile) {
    const StoreCommand::Name name{profile, lease_record};
    ATLINK_ASSIGN(const auto found, command_->get(name));
    const TimePoint now = platform_.clock.now();
    if (found) {
      const auto until = from_rfc3339(found->value.expose());
      // What no lease says is no lease, and nor is one that ends after any lease of now would.
      if (until && *until > now && *until <= now + 2 * lease) {
        return std::optional<std::string>();
      }
    }
    return command_->store(name,
                           Secret(to_rfc3339(now + lease)),
                           found ? found->version : std::string(),
                           to_rfc3339(now + lease));
  }

  Platform platform_;
  std::shared_ptr<StoreCommand> command_;
  std::optional<PrivateFolder> locks_;
};

}  // namespace

std::unique_ptr<CredentialStore> make_command_store(const Platform& platform,
                                                    std::string state_folder,
                                                    std::vector<std::string> command) {
  return make_record_store(
      std::make_unique<CommandVault>(platform, std::move(state_folder), std::move(command)));
}

}  // namespace atlink
