// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/product.h"
#include "cli/session.h"

#include <optional>
#include <string>
#include <vector>

/// What has to be typed into the screens of an application link.
namespace atlink::cli {

/// The values of one profile. Nothing of it is secret.
struct LinkValues {
  std::string consumer_key;
  std::string consumer_name;
  /// Any URL that the server asks for and never calls; one a profile.
  std::string application_url;
  /// PEM, and the same on one line; empty for shared secrets.
  std::string public_key;
  std::string public_key_body;
  std::string fingerprint;
  std::string request_token_url;
  std::string authorize_url;
  std::string access_token_url;
  /// What to give where a server insists on a callback.
  std::string callback;
  /// Where links are managed; empty where the description does not say.
  std::string links_url;
  std::string revoke_url;
};

/// What tells the link of this profile from all others of the server. Fails with
/// `consumer_missing`.
[[nodiscard]] Result<std::string> application_url_of(const Place& place);

/// Fails with `consumer_missing`, `key_missing` (both naming the command that mends it) and
/// `product_unsupported`.
[[nodiscard]] Result<LinkValues> link_values(const Call& call, const Place& place);

/// The guides for `version` (all of them without one), newest first, with the values put in. Fails
/// with `plugin_invalid` for a template that names something unknown, and with `usage` for a
/// version that no guide is for.
[[nodiscard]] Result<std::vector<LinkGuide>> link_guides(const Place& place,
                                                         const LinkValues& values,
                                                         const std::optional<std::string>& version);

}  // namespace atlink::cli
