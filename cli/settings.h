// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/profile.h"
#include "cli/call.h"
#include "plugins/host/registry.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What stands in folders and environment variables, before anything is made of it.
namespace atlink::cli {

/// The name of the profile that environment variables alone make.
inline constexpr std::string_view environment_profile = "environment";

/// A variable of the environment; one that is empty counts as unset.
[[nodiscard]] std::optional<std::string> variable(const Call& call, const char* name);

/// The profiles of this user. Fails with `file_not_found` where no home is known.
[[nodiscard]] Result<ProfileStore> open_profiles(const Call& call);

/// Where the command line and the environment have product plugins looked for, in order.
[[nodiscard]] Result<std::vector<plugins::SearchFolder>> plugin_folders(const Call& call);

/// The product plugins, as the command line and the environment have them searched.
[[nodiscard]] Result<plugins::Registry> open_registry(const Call& call);

/// The name that --profile, ATLINK_PROFILE or (without ATLINK_URL) `profile use` says; none where
/// nothing does. Fails with `usage` for what cannot be a name.
[[nodiscard]] Result<std::optional<std::string>> chosen_name(const Call& call);

/// The chosen profile with what the environment says instead: ATLINK_PRODUCT, ATLINK_DEPLOYMENT,
/// ATLINK_CONSUMER_KEY, ATLINK_CA_FILE, ATLINK_SIGNATURE_METHOD, ATLINK_TWO_LEGGED, ATLINK_METHOD,
/// ATLINK_USER, ATLINK_CLIENT_ID. The base URL is
/// not touched yet. With no name and ATLINK_URL set it is made of the environment alone. Fails with
/// `profile_missing` and `profile_invalid`.
[[nodiscard]] Result<Profile> chosen_profile(const Call& call);

/// An absolute form of a path that a person gave relative to the working directory.
[[nodiscard]] Result<std::string> absolute_path(const Call& call, std::string_view path);

/// The same without "." and "..", as the words of the path say it; "" for the root.
[[nodiscard]] Result<std::string> tidy_path(const Call& call, std::string_view path);

/// Whether a question may be asked: there is a terminal, and no --no-input.
[[nodiscard]] bool may_ask(const Call& call);

}  // namespace atlink::cli
