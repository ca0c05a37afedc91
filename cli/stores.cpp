// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include <utility>

namespace atlink::cli {

namespace {

tl::unexpected<Error> no_home() {
  return fail(ErrorCode::file_unwritable,
              "there is no folder to keep credentials in: neither XDG_STATE_HOME nor HOME is set",
              "set one of them, or give the credential in the environment: ATLINK_TOKEN, "
              "ATLINK_PASSWORD, or ATLINK_OAUTH_TOKEN and ATLINK_OAUTH_TOKEN_SECRET");
}

// What stands behind the environment on a runner that has no home.
class NoStore final : public CredentialStore {
 public:
  [[nodiscard]] std::string_view kind() const override { return "none"; }

  [[nodiscard]] Result<std::optional<Credential>> load(std::string_view /*profile*/) override {
    return std::optional<Credential>();
  }

  Status save(std::string_view /*profile*/, const Credential& /*credential*/) override {
    return no_home();
  }

  [[nodiscard]] Result<bool> replace(std::string_view /*profile*/,
                                     std::int64_t /*version*/,
                                     const Credential& /*credential*/) override {
    return no_home();
  }

  Status erase(std::string_view /*profile*/) override { return {}; }

  [[nodiscard]] Result<std::unique_ptr<FileSystem::Lock>> lock_renewal(
      std::string_view /*profile*/, std::chrono::milliseconds /*patience*/) override {
    return std::unique_ptr<FileSystem::Lock>();
  }

  [[nodiscard]] Result<std::optional<Renewal>> load_renewal(std::string_view /*profile*/) override {
    return std::optional<Renewal>();
  }

  Status save_renewal(std::string_view /*profile*/, const Renewal& /*renewal*/) override {
    return no_home();
  }

  Status erase_renewal(std::string_view /*profile*/) override { return {}; }

  [[nodiscard]] Result<std::optional<PendingLogin>> load_pending(
      std::string_view /*profile*/) override {
    return std::optional<PendingLogin>();
  }

  Status save_pending(std::string_view /*profile*/, const PendingLogin& /*pending*/) override {
    return no_home();
  }

  Status erase_pending(std::string_view /*profile*/) override { return {}; }

  [[nodiscard]] Result<std::optional<ConsumerSecret>> load_consumer(
      std::string_view /*profile*/) override {
    return std::optional<ConsumerSecret>();
  }

  Status save_consumer(std::string_view /*profile*/, const ConsumerSecret& /*secret*/) override {
    return no_home();
  }

  Status erase_consumer(std::string_view /*profile*/) override { return {}; }

  Status check_writable(std::string_view /*profile*/) override { return no_home(); }
};

}  // namespace

Result<std::unique_ptr<CredentialStore>> open_file_store(const Call& call) {
  ATLINK_ASSIGN(Folders folders, folders_from(call.app.platform.environment));
  return make_file_store(call.app.platform.files, std::move(folders.state));
}

std::unique_ptr<CredentialStore> open_store(const Call& call, std::optional<SignInMethod> method) {
  auto files = open_file_store(call);
  return make_environment_store(call.app.platform.environment,
                                files ? std::move(*files) : std::make_unique<NoStore>(),
                                method);
}

}  // namespace atlink::cli
