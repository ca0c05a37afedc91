// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/profile.h"
#include "cli/call.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A profile as it is shown, and as it is changed.
namespace atlink::cli {

/// What `profile show --output json` prints of a profile; values that are not set are null.
[[nodiscard]] json::Value to_json(const Profile& profile);

/// The same for people.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> to_pairs(const Profile& profile);

/// Site and context path.
[[nodiscard]] std::string base_url_text(const Profile& profile);

/// `profile` with what the command line names; everything else as it was. An empty value takes a
/// setting away. Product, deployment, URL, key file and CA file are looked at before anything is
/// kept. Fails with `usage`, `product_missing`, `product_unsupported`, `url_invalid`, `key_*`,
/// `file_*`.
[[nodiscard]] Result<Profile> with_named_settings(const Call& call, Profile profile);

/// Where the private key of a profile out of a bundle is, which goes when the profile is removed.
[[nodiscard]] Result<std::string> imported_key_path(const Call& call, std::string_view profile);

/// The first profile is the one that is meant when none is named, until `profile use` says else.
/// Whether it has become so.
[[nodiscard]] Result<bool> use_if_first(ProfileStore& profiles, const std::string& name);

}  // namespace atlink::cli
