// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/profile.h"

#include <string>

namespace atlink {

/// Reads a profile's document. Unknown members are passed over. Fails with `profile_invalid`,
/// naming `file` and the member.
[[nodiscard]] Result<Profile> profile_from(const json::Value& document,
                                           std::string name,
                                           const std::string& file);

/// Sets the members of `profile` in `document` and removes those that have no value; all others
/// stay as they are.
void put_profile(json::Value& document, const Profile& profile);

/// Fails with `profile_invalid` for values that `profile_from` would refuse, so that what was saved
/// can be loaded.
[[nodiscard]] Status check_profile(const Profile& profile);

}  // namespace atlink
