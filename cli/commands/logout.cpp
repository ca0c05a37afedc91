// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <optional>

namespace atlink::cli::commands {

namespace {

// Where a person revokes the token; nothing where the product is not known any more.
std::optional<std::string> revoke_url(const Call& call) {
  const auto place = open_place(call);
  if (!place || !place->product.revoke_page) {
    return std::nullopt;
  }
  const auto url = place->base.at(*place->product.revoke_page);
  return url ? std::optional(url->str()) : std::nullopt;
}

// Also a file that cannot be read any more is a credential that was there.
Result<bool> erase(CredentialStore& store, const std::string& profile) {
  const auto known = store.load(profile);
  if (known && known->has_value() && (*known)->read_only) {
    return fail(ErrorCode::credential_read_only,
                "the credential comes from the environment",
                "unset ATLINK_OAUTH_TOKEN and ATLINK_OAUTH_TOKEN_SECRET");
  }
  ATLINK_CHECK(store.erase(profile));
  ATLINK_CHECK(store.erase_pending(profile));
  return !known || known->has_value();
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Profile profile, chosen_profile(call));
  const auto store = open_store(call);
  ATLINK_ASSIGN(const bool was_signed_in, erase(*store, profile.name));
  const std::optional<std::string> revoke =
      was_signed_in ? revoke_url(call) : std::optional<std::string>();
  if (call.report.json()) {
    json::Value object;
    object.set("profile", profile.name);
    object.set("was_signed_in", was_signed_in);
    object.set("revoke_url", revoke ? json::Value(*revoke) : json::Value());
    return call.report.document(object);
  }
  if (!was_signed_in) {
    call.report.note(fmt::format("nobody was signed in with profile {}", profile.name));
    return {};
  }
  call.report.note(fmt::format("the credential of profile {} is removed here", profile.name));
  call.report.note(revoke
                       ? fmt::format("the server still accepts its token; revoke it at {}", *revoke)
                       : "the server still accepts its token until it is revoked or expires");
  return {};
}

constexpr std::array examples{
    Example{"atlink logout --profile work", "forget the credential of one profile"},
};

}  // namespace

const Command logout{
    "logout",
    "remove the credential from this machine",
    "OAuth 1.0a knows no way to take a token back from here: it stays valid on the "
    "server until a person revokes it there. The page for that is printed.",
    {},
    {},
    examples,
    run};

}  // namespace atlink::cli::commands
