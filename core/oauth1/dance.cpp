// SPDX-License-Identifier: Apache-2.0
#include "atlink/client.h"
#include "atlink/text.h"
#include "core/oauth1/token_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink {

namespace {

using oauth1::TokenAnswer;
using oauth1::TokenCall;
using std::chrono::seconds;

/// The end of a lifetime that the server states in seconds, or else the product's; none where
/// neither says anything. Some servers state absurd ones; a century is for ever.
std::optional<TimePoint> end_of(TimePoint now,
                                std::optional<std::int64_t> stated,
                                seconds by_default) {
  constexpr std::int64_t century = std::int64_t{100} * 365 * 24 * 3600;
  const std::int64_t lifetime = stated && *stated > 0 ? *stated : by_default.count();
  if (lifetime <= 0) {
    return std::nullopt;
  }
  return now + seconds(std::min(lifetime, century));
}

Result<const OAuth1Rules*> rules_of(const Connection& connection) {
  if (!connection.product.oauth1) {
    return fail(
        ErrorCode::product_unsupported,
        fmt::format("product {} offers no OAuth 1.0a here", printable(connection.product.id, 60)),
        "choose another product or deployment for the profile");
  }
  return &*connection.product.oauth1;
}

Credential credential_of(TokenAnswer answer, const OAuth1Rules& rules, TimePoint now) {
  Credential credential;
  credential.token = std::move(answer.token.token);
  credential.token_secret = std::move(answer.token.secret);
  credential.session_handle = std::move(answer.session_handle);
  credential.issued_at = now;
  credential.expires_at = end_of(now, answer.expires_in, rules.access_token_lifetime);
  if (!credential.session_handle.empty()) {
    credential.session_ends_at =
        end_of(now, answer.authorization_expires_in, rules.session_lifetime);
  }
  return credential;
}

/// What makes finishing pointless, found out before anything is sent.
Status check_finish(const PendingLogin& pending,
                    std::string_view code,
                    const OAuth1Rules& rules,
                    TimePoint now) {
  if (!rules.denied_verifier.empty() && code == rules.denied_verifier) {
    return fail(ErrorCode::login_denied,
                "access was denied on the consent page",
                "sign in again and allow access, if that was a mistake");
  }
  if (now > pending.expires_at) {
    return fail(ErrorCode::login_expired,
                fmt::format("the sign-in was begun at {} and had to be finished by {}",
                            to_rfc3339(pending.begun_at),
                            to_rfc3339(pending.expires_at)),
                "begin the sign-in again");
  }
  if (code.empty()) {
    return fail(ErrorCode::usage,
                "the verification code is empty",
                "give the code that the consent page shows");
  }
  return {};
}

Status check_renewable(const Credential& old, TimePoint now) {
  if (old.session_handle.empty()) {
    return fail(ErrorCode::credential_not_renewable,
                "the server gave no session with the credential, so it cannot be renewed",
                "sign in again before it expires: atlink login");
  }
  if (old.session_ends_at && *old.session_ends_at < now) {
    return fail(
        ErrorCode::credential_not_renewable,
        fmt::format("the credential's session ended at {}", to_rfc3339(*old.session_ends_at)),
        "sign in again: atlink login");
  }
  return {};
}

}  // namespace

Dance::Dance(Platform platform, const Connection& connection, IssuedFor issued_for)
    : platform_(platform), connection_(connection), issued_for_(std::move(issued_for)) {}

Result<PendingLogin> Dance::begin(std::string_view callback) {
  ATLINK_ASSIGN(const OAuth1Rules* rules, rules_of(connection_));
  TokenCall call{rules->request_token};
  call.extra = {{"oauth_callback", std::string(callback)}};
  // Another set of temporary credentials does no harm; unused ones expire.
  call.safe_to_repeat = true;
  ATLINK_ASSIGN(TokenAnswer answer, call_token_endpoint(platform_, connection_, call));
  if (rules->callback_confirmed && !answer.callback_confirmed) {
    return fail(ErrorCode::oauth1_callback_unconfirmed,
                "the server gave temporary credentials without confirming the callback, as a "
                "server of OAuth 1.0 without \"a\" does",
                "check that base URL and product of the profile are right");
  }
  PendingLogin pending;
  pending.issued_for = issued_for_;
  pending.request_token = std::move(answer.token.token);
  pending.request_token_secret = std::move(answer.token.secret);
  pending.callback = callback;
  pending.begun_at = platform_.clock.now();
  pending.expires_at = end_of(pending.begun_at, answer.expires_in, rules->request_token_lifetime)
                           .value_or(pending.begun_at + std::chrono::hours(1));
  return pending;
}

Result<Url> Dance::authorize_url(const PendingLogin& pending) const {
  ATLINK_ASSIGN(const OAuth1Rules* rules, rules_of(connection_));
  ATLINK_ASSIGN(const Url url, connection_.base.at(rules->authorize));
  return url.with_query(fmt::format("oauth_token={}", percent_encode(pending.request_token)));
}

Result<Credential> Dance::finish(const PendingLogin& pending, std::string_view verifier) {
  ATLINK_ASSIGN(const OAuth1Rules* rules, rules_of(connection_));
  ATLINK_CHECK(check_issued_for(pending.issued_for, issued_for_));
  const std::string_view code = trim(verifier);
  ATLINK_CHECK(check_finish(pending, code, *rules, platform_.clock.now()));
  const oauth1::Token token{pending.request_token, pending.request_token_secret.clone()};
  TokenCall call{rules->access_token};
  call.token = &token;
  call.extra = {{"oauth_verifier", std::string(code)}};
  ATLINK_ASSIGN(TokenAnswer answer, call_token_endpoint(platform_, connection_, call));
  Credential credential = credential_of(std::move(answer), *rules, platform_.clock.now());
  credential.issued_for = issued_for_;
  return credential;
}

Result<Credential> Dance::renew(const Credential& old) {
  ATLINK_ASSIGN(const OAuth1Rules* rules, rules_of(connection_));
  ATLINK_CHECK(check_issued_for(old.issued_for, issued_for_));
  ATLINK_CHECK(check_renewable(old, platform_.clock.now()));
  const oauth1::Token token{old.token, old.token_secret.clone()};
  TokenCall call{rules->access_token};
  call.token = &token;
  call.extra = {{"oauth_session_handle", std::string(old.session_handle.expose())}};
  ATLINK_ASSIGN(TokenAnswer answer, call_token_endpoint(platform_, connection_, call));
  if (answer.session_handle.empty()) {
    // The session goes on under the handle that it has.
    answer.session_handle = old.session_handle.clone();
  }
  Credential credential = credential_of(std::move(answer), *rules, platform_.clock.now());
  credential.issued_for = issued_for_;
  credential.user = old.user;
  credential.version = old.version;
  return credential;
}

}  // namespace atlink
