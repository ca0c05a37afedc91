// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "atlink/export.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

/// Secrets of a profile that open the way to its site, beside those of its sign-in. A store keeps
/// them as it keeps the secrets of consumers, under names that no profile can have.
namespace atlink {

enum class KeptSecret { proxy_password, certificate_passphrase };

/// All there are, for what moves or removes everything of a profile.
inline constexpr std::array every_kept_secret{KeptSecret::proxy_password,
                                              KeptSecret::certificate_passphrase};

/// What stands in the place of a profile's name: "work~proxy".
[[nodiscard]] ATLINK_API std::string kept_name(std::string_view profile, KeptSecret which);

/// Whether `name` may name a record of a consumer: that of a profile, or `kept_name` of one. Else
/// `usage`.
[[nodiscard]] ATLINK_API Status check_consumer_name(std::string_view name);

/// The secret, if there is one and it was given for `place` (a proxy's URL with its user, the file
/// of a key): it is of no use elsewhere, and goes nowhere else.
[[nodiscard]] ATLINK_API Result<std::optional<Secret>> load_kept(CredentialStore& store,
                                                                 std::string_view profile,
                                                                 KeptSecret which,
                                                                 const std::string& place);

ATLINK_API Status save_kept(CredentialStore& store,
                            std::string_view profile,
                            KeptSecret which,
                            const std::string& place,
                            Secret secret);

/// Fine where there is none.
ATLINK_API Status erase_kept(CredentialStore& store, std::string_view profile, KeptSecret which);

}  // namespace atlink
