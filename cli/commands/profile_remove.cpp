// SPDX-License-Identifier: Apache-2.0
#include "atlink/kept_secret.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/last_use.h"
#include "cli/pins.h"
#include "cli/profile_data.h"
#include "cli/session.h"
#include "cli/store_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::commands {

namespace {

// Whether a token was thrown away that the server still accepts. Who was asked what opens the store,
// and gave that up, has not said that it is to go.
Result<bool> erase_secrets(CredentialStore& store, const std::string& name) {
  const auto credential = store.load(name);
  if (!credential && credential.error().code == ErrorCode::cancelled) {
    return fail(credential.error());
  }
  ATLINK_CHECK(store.erase(name));
  ATLINK_CHECK(store.erase_pending(name));
  ATLINK_CHECK(store.erase_consumer(name));
  for (const KeptSecret which : every_kept_secret) {
    ATLINK_CHECK(erase_kept(store, name, which));
  }
  return !credential || credential->has_value();
}

// Who has lost the store must not be left with the profile.
Result<bool> erase_or_leave(const Call& call, CredentialStore& store, const std::string& name) {
  auto erased = erase_secrets(store, name);
  if (erased || !is_out_of_reach(erased.error().code)) {
    return erased;
  }
  Error error = std::move(erased).error();
  if (call.arguments.has(leave_secrets_option.name)) {
    call.report.warn(fmt::format("what the store holds of it stays there: {}", error.message));
    return false;
  }
  error.next += fmt::format(
      "; or, to leave there what it holds: atlink profile remove {} --leave-secrets", name);
  return fail(std::move(error));
}

// A profile that cannot be read any more says nothing of its store; then it is the usual one.
Result<std::unique_ptr<CredentialStore>> store_of(const Call& call,
                                                  ProfileStore& profiles,
                                                  const std::string& name) {
  const auto known = profiles.load(name);
  return open_store_behind(call, name, known ? known->store : StoreChoice());
}

// A key of the person's own stays; one that came with a bundle has no other use.
Status erase_imported_key(const Call& call, const std::string& name) {
  ATLINK_ASSIGN(const std::string path, imported_key_path(call, name));
  Status removed = call.app.platform.files.unlink(path);
  return !removed && removed.error().code == ErrorCode::file_not_found ? Status() : removed;
}

Status run(Call& call) {
  const std::string name = call.arguments.text("NAME");
  ATLINK_CHECK(check_profile_name(name));
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(const auto store, store_of(call, profiles, name));
  ATLINK_ASSIGN(const std::vector<std::string> names, profiles.list());
  // A killed run must not leave secrets that no profile leads to, so they go first.
  const bool known = std::find(names.begin(), names.end(), name) != names.end();
  ATLINK_ASSIGN(const bool had_token,
                known ? erase_or_leave(call, *store, name) : Result<bool>(false));
  ATLINK_CHECK(profiles.remove(name));
  ATLINK_CHECK(erase_pin(call, name));
  ATLINK_CHECK(erase_imported_key(call, name));
  forget_use(call, name);
  if (call.report.json()) {
    json::Value object;
    object.set("removed", name);
    object.set("credential_removed", had_token);
    return call.report.document(object);
  }
  call.report.note(fmt::format("profile {} and its secrets are removed; key files stay", name));
  if (had_token) {
    call.report.note("its token stays valid on the server until it is revoked there or expires");
  }
  return {};
}

constexpr std::array positionals{PositionalSpec{"NAME", "the profile"}};
constexpr std::array options{leave_secrets_option};
constexpr std::array examples{
    Example{"atlink profile remove work", "the profile, its credential and its shared secret"},
};

}  // namespace

const Command profile_remove{"profile remove",
                             "remove a profile with its credential",
                             "Key files and certificates of your own are left where they are.",
                             positionals,
                             options,
                             examples,
                             run};

}  // namespace atlink::cli::commands
