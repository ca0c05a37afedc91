// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/link_admin.h"
#include "cli/link_values.h"
#include "cli/session.h"

#include <memory>
#include <string>

/// What commands need that act for an administrator of the server.
namespace atlink::cli {

inline constexpr OptionSpec admin_user_option{
    "--admin-user", "NAME", "act as this administrator, whose password is asked for"};
inline constexpr OptionSpec admin_secret_option{
    "--admin-secret-file",
    "FILE",
    "read the administrator's password, or without a name the token, from FILE (- for standard "
    "input)"};

/// An administrator's requests to one place. Refers to the place.
struct Administrator {
  std::unique_ptr<Client> client;
  std::unique_ptr<LinkAdministrator> links;
};

/// Whether the options or the environment name an administrator.
[[nodiscard]] bool names_administrator(const Call& call, const std::string& profile);

/// Takes name and password (or a token alone) from the options, from ATLINK_ADMIN_USER and
/// ATLINK_ADMIN_SECRET, or asks. Nothing of it is stored, and it goes to the place alone. Fails
/// with `credential_insecure`, `no_terminal`, `product_unsupported`.
[[nodiscard]] Result<Administrator> open_administrator(const Call& call, const Place& place);

/// The values of a profile as they go into its link. Fails like `link_values`, and with
/// `product_unsupported` for a shared secret, which nobody hands over this way.
[[nodiscard]] Result<LinkEntry> link_entry(const Call& call, const Place& place);

/// Where it is remembered which links were begun. Fails where no home is known.
[[nodiscard]] Result<std::unique_ptr<LinkJournal>> open_link_journal(const Call& call);

}  // namespace atlink::cli
