// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client_certificate.h"
#include "atlink/credential.h"
#include "atlink/http_message.h"
#include "atlink/profile.h"
#include "cli/call.h"

#include <memory>
#include <optional>
#include <string>

/// The way to a site: whom to trust, which proxy to go through, what to show of oneself.
namespace atlink::cli {

/// How connections of a profile are made: its certificates, proxies and client certificate, with
/// the command line and the environment in front (docs/network.md). Asks for secrets that only a
/// person knows. Fails with `file_*`, `profile_invalid`, `usage` and `client_certificate_*`; the
/// fact "way" of an error says what of it is wrong: "proxy" or "certificate".
[[nodiscard]] Result<ConnectionOptions> connection_options(const Call& call,
                                                           const Profile& profile);

/// The same where there is no profile: by the command line and the environment alone. `ca_file` is
/// an absolute path, or empty.
[[nodiscard]] Result<ConnectionOptions> connection_options(const Call& call,
                                                           const Url& site,
                                                           const std::string& ca_file);

/// The proxies alone.
[[nodiscard]] Result<std::shared_ptr<const ProxyRules>> proxies_of(const Call& call,
                                                                   const Profile& profile);

/// The client certificate alone; null where none is set.
[[nodiscard]] Result<std::shared_ptr<const ClientCertificate>> certificate_of(
    const Call& call, const Profile& profile);

/// Puts what `profile set` names of the way into the profile. Fails with `usage`.
[[nodiscard]] Status set_way(const Call& call, Profile& profile);

/// Secrets that `profile set` keeps beside the profile.
struct WaySecrets {
  std::optional<Secret> proxy_password;
  std::optional<Secret> passphrase;
};

/// What of them the command line or a person gives for what it names; none where the store or the
/// environment has it. Looks at the client certificate and says what it is. Fails with
/// `no_terminal`, `file_*` and `client_certificate_*`.
[[nodiscard]] Result<WaySecrets> way_secrets_to_keep(const Call& call,
                                                     CredentialStore& store,
                                                     const Profile& profile);

/// Keeps them, and forgets those of what the profile has no more.
[[nodiscard]] Status keep_way_secrets(const Call& call,
                                      CredentialStore& store,
                                      const Profile& profile,
                                      WaySecrets secrets);

}  // namespace atlink::cli
