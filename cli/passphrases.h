// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/profile.h"
#include "atlink/stores.h"
#include "cli/call.h"

#include <memory>
#include <string>

/// Where the passphrases of sealed stores and bundles come from.
namespace atlink::cli {

/// The passphrase of a profile's sealed store: the key file of its choice, else the first line of
/// --passphrase-fd, else ATLINK_PASSPHRASE (with the profile's name appended first), else whoever
/// sits at the terminal. `call` must outlive it.
[[nodiscard]] std::shared_ptr<Passphrases> passphrases_of(const Call& call, StoreChoice choice);

/// The passphrase of a bundle, from the same places with --key-file in front. `what` is what a
/// question calls it.
[[nodiscard]] Result<Passphrase> bundle_passphrase(const Call& call,
                                                   const std::string& profile,
                                                   const std::string& what,
                                                   bool is_new);

/// A key file's bytes. Fails with `file_permissions` where others can read it and with
/// `store_passphrase` where it is too short to be worth its name.
[[nodiscard]] Result<Passphrase> passphrase_from_file(const Call& call, const std::string& path);

/// The option of the commands that make or open sealed things.
inline constexpr OptionSpec key_file_option{
    "--key-file",
    "FILE",
    "the file of at least 32 random bytes that seals it, instead of a passphrase"};

}  // namespace atlink::cli
