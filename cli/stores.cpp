// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"

#include "cli/passphrases.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

Error no_home() {
  return make_error(
      ErrorCode::file_unwritable,
      "there is no folder to keep credentials in: neither XDG_STATE_HOME nor HOME is set",
      "set one of them, or give the credential in the environment: ATLINK_TOKEN, "
      "ATLINK_PASSWORD, or ATLINK_OAUTH_TOKEN and ATLINK_OAUTH_TOKEN_SECRET");
}

Error read_only(const std::string& profile) {
  return make_error(
      ErrorCode::credential_read_only,
      fmt::format("profile {} takes its credential from the environment and keeps nothing",
                  profile),
      fmt::format("set ATLINK_TOKEN, ATLINK_PASSWORD, or ATLINK_OAUTH_TOKEN and "
                  "ATLINK_OAUTH_TOKEN_SECRET; or choose another store: atlink profile set {} "
                  "--store file",
                  profile));
}

}  // namespace

Result<std::unique_ptr<CredentialStore>> open_store_behind(const Call& call,
                                                           const std::string& profile,
                                                           const StoreChoice& choice) {
  const Platform& platform = call.app.platform;
  if (choice.kind == StoreKind::environment) {
    return make_empty_store("environment", read_only(profile));
  }
  auto folders = folders_from(platform.environment);
  if (choice.kind == StoreKind::command) {
    // A runner without a home can still ask a program.
    return make_command_store(
        platform, folders ? std::move(folders->state) : std::string(), choice.command);
  }
  if (!folders) {
    return fail(std::move(folders).error());
  }
  switch (choice.kind) {
    case StoreKind::sealed:
      return make_sealed_store(
          platform, std::move(folders->state), passphrases_of(call, choice), call.given->keys);
    case StoreKind::keyring:
      return make_keyring_store(platform, std::move(folders->state), make_keyring(may_ask(call)));
    default:
      return make_file_store(platform.files, std::move(folders->state));
  }
}

std::unique_ptr<CredentialStore> open_store(const Call& call,
                                            const Profile& profile,
                                            std::optional<SignInMethod> method) {
  auto own = open_store_behind(call, profile.name, profile.store);
  return make_environment_store(call.app.platform.environment,
                                own ? std::move(*own) : make_empty_store("none", no_home()),
                                method);
}

std::string in_words(const StoreChoice& choice) {
  switch (choice.kind) {
    case StoreKind::file:
      return "a file of mode 0600, not encrypted";
    case StoreKind::sealed:
      return choice.key_file.empty() ? std::string("a sealed file, opened by a passphrase")
                                     : fmt::format("a sealed file, opened by {}", choice.key_file);
    case StoreKind::keyring:
      return "the keyring of the desktop";
    case StoreKind::command:
      return fmt::format("whatever {} puts them in", choice.command.front());
    case StoreKind::environment:
      return "the environment";
  }
  return {};
}

}  // namespace atlink::cli
