// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/passphrases.h"
#include "cli/private_key.h"
#include "cli/session.h"
#include "cli/store_choice.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace atlink::cli::commands {

namespace {

// A renewal that is under way ends first.
constexpr std::chrono::seconds patience{180};
constexpr int most_tries = 5;

Status check_other(const StoreChoice& before, const StoreChoice& after) {
  if (before.kind != after.kind ||
      (after.kind == StoreKind::command && before.command != after.command)) {
    return {};
  }
  return fail(ErrorCode::usage,
              fmt::format("the secrets are in {} already", in_words(before)),
              "a sealed store gets another passphrase by way of another store: move the secrets "
              "to the keyring or a command, and back");
}

// From here on the profile leads to the new place; both are whole until then.
Status lead_to(ProfileStore& profiles, const std::string& name, const StoreChoice& choice) {
  for (int i = 0; i < most_tries; ++i) {
    ATLINK_ASSIGN(const Profile before, profiles.load(name));
    Profile after = before;
    after.store = choice;
    ATLINK_ASSIGN(const bool kept, profiles.replace(before, after));
    if (kept) {
      return {};
    }
  }
  return fail(ErrorCode::file_locked,
              fmt::format("profile {} is being changed by somebody else", name),
              "run the command again");
}

// Somebody may have signed in at the old place after it was copied.
Status catch_up(CredentialStore& from,
                CredentialStore& to,
                const std::string& name,
                std::int64_t copied) {
  ATLINK_ASSIGN(const auto now, from.load(name));
  if (now && now->version != copied) {
    ATLINK_CHECK(copy_secrets(from, to, name));
  }
  return {};
}

Status move(const Call& call,
            ProfileStore& profiles,
            const Profile& profile,
            const StoreChoice& choice) {
  ATLINK_ASSIGN(const auto from, open_store_behind(call, profile.name, profile.store));
  ATLINK_ASSIGN(const auto to, open_store_behind(call, profile.name, choice));
  ATLINK_CHECK(to->check_writable(profile.name));
  ATLINK_ASSIGN(const auto held, from->lock_renewal(profile.name, patience));
  ATLINK_ASSIGN(const std::int64_t copied, copy_secrets(*from, *to, profile.name));
  ATLINK_CHECK(lead_to(profiles, profile.name, choice));
  ATLINK_CHECK(catch_up(*from, *to, profile.name, copied));
  Status erased = erase_secrets(*from, profile.name);
  if (!erased) {
    Error error = std::move(erased).error();
    error.message =
        fmt::format("the secrets are in {} now, but those in {} could not be erased: {}",
                    in_words(choice),
                    in_words(profile.store),
                    error.message);
    return fail(std::move(error));
  }
  return {};
}

Status run(Call& call) {
  const std::string name = call.arguments.text("NAME");
  ATLINK_CHECK(check_profile_name(name));
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(const Profile profile, profiles.load(name));
  ATLINK_ASSIGN(const StoreChoice choice,
                named_choice(call, call.arguments.value("--to"), profile.store));
  ATLINK_CHECK(check_other(profile.store, choice));
  ATLINK_CHECK(move(call, profiles, profile, choice));
  if (call.report.json()) {
    json::Value object;
    object.set("profile", name);
    object.set("from", to_string(profile.store.kind));
    object.set("to", to_string(choice.kind));
    return call.report.document(object);
  }
  call.report.note(fmt::format("the secrets of profile {} are in {} now, and no more in {}",
                               name,
                               in_words(choice),
                               in_words(profile.store)));
  return {};
}

constexpr std::array positionals{PositionalSpec{"NAME", "the profile"}};
constexpr std::array options{
    OptionSpec{"--to",
               "KIND",
               "file, sealed, keyring, command, or auto for the keyring where there is one",
               false,
               true},
    key_file_option,
    store_command_option,
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink profile move-secrets work --to sealed", "encrypt what is kept of a profile"},
    Example{"atlink profile move-secrets work --to keyring", "into the keyring of the desktop"},
};

}  // namespace

const Command profile_move_secrets{
    "profile move-secrets",
    "keep a profile's secrets in another place",
    "They are written to the new place and read back before the profile leads there, and erased in "
    "the old one last: at every moment one of the two is whole.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
