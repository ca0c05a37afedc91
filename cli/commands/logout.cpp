// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth2.h"
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/last_use.h"
#include "cli/or_null.h"
#include "cli/private_key.h"
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

// What was removed here and the server knows nothing of.
struct Removed {
  bool was_signed_in = false;
  std::string user;
  /// Until when the server accepts the token, as far as known.
  std::optional<TimePoint> valid_until;
  /// Of the credential, where it could be read.
  SignInMethod method = SignInMethod::oauth1;
};

// Tells the server, where it can be told. What goes wrong there keeps nobody signed in here.
bool revoke_there(const Call& call) {
  auto place = open_place(call);
  const auto method = place ? method_of(call, *place) : Result<SignInMethod>(fail(place.error()));
  if (!method || !place->product.oauth2 || !place->product.oauth2->revoke ||
      (*method != SignInMethod::oauth2 && *method != SignInMethod::client_credentials)) {
    return false;
  }
  auto session = open_session(call, std::move(*place), *method);
  const auto credential =
      session ? credential_of(*session) : Result<Credential>(fail(session.error()));
  if (!credential || credential->read_only) {
    return false;
  }
  const Status revoked = oauth2::revoke(call.app.platform, session->connection, *credential);
  if (!revoked) {
    call.report.warn(
        fmt::format("the server did not take the token back: {}", revoked.error().message));
  }
  return revoked.has_value();
}

// Also a file that cannot be read any more is a credential that was there. Who was asked what opens
// it, and gave that up, has not said that it is to go.
Result<Removed> erase(const Call& call, CredentialStore& store, const std::string& profile) {
  const auto known = store.load(profile);
  if (!known && known.error().code == ErrorCode::cancelled) {
    return fail(known.error());
  }
  if (known && known->has_value() && (*known)->read_only) {
    return fail(ErrorCode::credential_read_only,
                "the credential comes from the environment",
                "unset ATLINK_OAUTH_TOKEN, ATLINK_TOKEN and ATLINK_PASSWORD");
  }
  ATLINK_CHECK(store.erase(profile));
  ATLINK_CHECK(store.erase_pending(profile));
  forget_use(call, profile);
  if (!known || !known->has_value()) {
    Removed removed;
    removed.was_signed_in = !known.has_value();
    return removed;
  }
  return Removed{true, (*known)->user, (*known)->expires_at, (*known)->issued_for.method};
}

// What was got elsewhere goes on working there, and no page of the link ends it.
std::string what_stays_elsewhere(const Removed& removed) {
  const std::string who = removed.user.empty() ? "its owner" : removed.user;
  const std::string until =
      removed.valid_until ? to_rfc3339(*removed.valid_until) + ", or until " : "";
  switch (removed.method) {
    case SignInMethod::basic:
      return fmt::format(
          "the server goes on accepting the password; to end that, {} changes it there", who);
    case SignInMethod::token:
      return fmt::format(
          "the server accepts the token until {}{} revokes it there, where it was "
          "made, or in a profile that is signed in: atlink token revoke ID",
          until,
          who);
    case SignInMethod::api_token:
      return fmt::format(
          "the server accepts the token until {}{} revokes it there, where it was "
          "made: atlink cannot take it back any more",
          until,
          who);
    default:
      return fmt::format(
          "the server accepts the access token until {}{} ends it on the pages of "
          "the account that list connected applications",
          until,
          who);
  }
}

void say_what_stays(const Call& call,
                    const Removed& removed,
                    const std::optional<std::string>& revoke,
                    TimePoint now) {
  if (removed.valid_until && *removed.valid_until <= now) {
    call.report.note(fmt::format("its token expired at {}, so nothing is left to revoke",
                                 to_rfc3339(*removed.valid_until)));
    return;
  }
  if (removed.method != SignInMethod::oauth1) {
    call.report.note(what_stays_elsewhere(removed));
    return;
  }
  call.report.note(
      fmt::format("the server accepts its token until {}{}",
                  removed.valid_until ? to_rfc3339(*removed.valid_until) + ", or until " : "",
                  "somebody revokes it there or removes the link: atlink cannot take it back"));
  const std::string who =
      removed.user.empty() ? "who signed in" : fmt::format("{}, who signed in,", removed.user);
  call.report.note(revoke
                       ? fmt::format("to end it now, {} revokes it at {}", who, *revoke)
                       : fmt::format("to end it now, {} looks for \"authorized applications\" "
                                     "or \"OAuth access tokens\" in the profile pages of the site",
                                     who));
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Profile profile, chosen_profile(call));
  const auto store = open_store(call, profile, profile.method);
  const bool revoked = revoke_there(call);
  ATLINK_ASSIGN(const Removed removed, erase(call, *store, profile.name));
  // The page of a description is the one that lists what OAuth 1.0a has issued.
  const bool has_page = removed.was_signed_in && removed.method == SignInMethod::oauth1;
  const std::optional<std::string> revoke =
      has_page ? revoke_url(call) : std::optional<std::string>();
  if (call.report.json()) {
    json::Value object;
    object.set("profile", profile.name);
    object.set("was_signed_in", removed.was_signed_in);
    object.set("revoked", revoked);
    object.set("valid_until", or_null(removed.valid_until));
    object.set("revoke_url", revoke ? json::Value(*revoke) : json::Value());
    return call.report.document(object);
  }
  if (!removed.was_signed_in) {
    call.report.note(fmt::format("nobody was signed in with profile {}", profile.name));
    return {};
  }
  call.report.note(fmt::format("the credential of profile {} is removed here", profile.name));
  if (revoked) {
    call.report.note("the server has taken its token back");
    return {};
  }
  say_what_stays(call, removed, revoke, call.app.platform.clock.now());
  return {};
}

constexpr std::array options{passphrase_option};
constexpr std::array examples{
    Example{"atlink logout --profile work", "forget the credential of one profile"},
};

}  // namespace

const Command logout{
    "logout",
    "remove the credential from this machine",
    "A token of OAuth 2.0 is taken back by the server where that can be asked for. Anything else "
    "stays "
    "valid there until it expires or a person revokes it; the page for that is printed.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
