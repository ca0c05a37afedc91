// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/kept_secret.h"
#include "atlink/profile.h"
#include "cli/call.h"

#include <optional>
#include <string>
#include <string_view>

/// What proxies and client certificates have in common.
namespace atlink::cli {

/// The error with the fact that tells which part of the way it is about.
[[nodiscard]] Error of_way(Error error, const char* part);

/// A secret that somebody has kept for this place, as far as the store can be read.
[[nodiscard]] std::optional<Secret> kept_secret(const Call& call,
                                                const Profile& profile,
                                                KeptSecret which,
                                                const std::string& place);

/// A secret that the environment gives for the profile.
[[nodiscard]] std::optional<Secret> given_secret(const Call& call,
                                                 const Profile& profile,
                                                 const char* variable);

/// The one in the file that an option names, if it was given.
[[nodiscard]] Result<std::optional<Secret>> secret_in_file(const Call& call,
                                                           std::string_view option);

/// The passphrase that `profile set` has to keep, once it has proven to be right.
[[nodiscard]] Result<std::optional<Secret>> passphrase_to_keep(const Call& call,
                                                               const Profile& profile);

}  // namespace atlink::cli
