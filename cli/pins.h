// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/call.h"
#include "cli/settings.h"

#include <string>
#include <string_view>

/// What a profile trusts because somebody looked at it: one certificate in a file of the program's,
/// which the profile's `ca_file` names. Docs: decisions/2026-11-25-trust-for-one-profile.md.
namespace atlink::cli {

/// Where that file is for a profile. Fails like `folders_from`.
[[nodiscard]] Result<std::string> pin_path(const Call& call, std::string_view profile);

/// Keeps `pem` for the profile, with `note` above it (one line, ours), and has the profile trust it
/// and nothing else. Gives what the profile's `ca_file` was before.
[[nodiscard]] Result<std::string> keep_pin(const Call& call,
                                           const std::string& profile,
                                           std::string_view pem,
                                           std::string_view note);

/// Removes the file, if there is one.
[[nodiscard]] Status erase_pin(const Call& call, std::string_view profile);

/// A certificate that is not trusted, seen from the profile that was used: names the file that says
/// whom it trusts and, where that is a pin, whether the pin has expired or the chain has changed.
/// Every other error stays as it is.
[[nodiscard]] Error with_pin(const Call& call, const Profile& profile, Error error);

/// The same for the profile that the command line chooses, if it is the one that was used.
[[nodiscard]] Error with_chosen_pin(const Call& call, Error error);

}  // namespace atlink::cli
