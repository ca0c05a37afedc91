// SPDX-License-Identifier: Apache-2.0
#include "atlink/client.h"
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/or_null.h"
#include "cli/private_key.h"
#include "cli/session.h"
#include "cli/sign_in.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace atlink::cli::commands {

namespace {

/// Longer than a renewal of another run takes, and than the lease of a machine that is gone.
constexpr std::chrono::seconds patience{180};

using Renewal = CredentialStore::Renewal;

std::string sign_in_again(const Session& session) {
  return fmt::format("sign in again: atlink login --profile {}", session.profile);
}

std::string until(const Credential& credential) {
  return credential.expires_at ? fmt::format(" until {}", to_rfc3339(*credential.expires_at))
                               : std::string();
}

// Everything that would make the answer worthless, found out before the server is asked.
Status check_renewable(Session& session, const Credential& old) {
  if (old.read_only) {
    return fail(ErrorCode::credential_read_only,
                "the environment gives the credential, and a new one would never be used",
                "unset ATLINK_OAUTH_TOKEN and ATLINK_OAUTH_TOKEN_SECRET, or renew it where it is "
                "kept");
  }
  if (!session.connection.product.oauth1->renewal && old.session_handle.empty()) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("{} renews no credentials", session.connection.product.name),
                fmt::format("{}, before the old one ends", sign_in_again(session)));
  }
  return session.store->check_writable(session.profile);
}

// Nobody knows whether the server has put a new credential in the place of the old one.
bool is_in_doubt(ErrorCode code) {
  return code == ErrorCode::network_answer_lost || code == ErrorCode::network_timeout ||
         code == ErrorCode::answer_truncated || code == ErrorCode::cancelled;
}

std::optional<std::string_view> why_refused(ErrorCode code) {
  switch (code) {
    case ErrorCode::oauth1_permission_denied:
      return "the session is over";
    case ErrorCode::oauth1_token_rejected:
    case ErrorCode::oauth1_token_revoked:
    case ErrorCode::oauth1_token_used:
      return "the server does not know the credential or its session (any more)";
    case ErrorCode::oauth1_token_expired:
      return "the server renews nothing that has expired";
    case ErrorCode::oauth1_parameter_absent:
    case ErrorCode::oauth1_parameter_rejected:
      return "the server does not renew";
    default:
      return std::nullopt;
  }
}

// What the server's refusal means here. Its own word stays in the facts.
Error explain(Error error, const Session& session, const std::optional<Renewal>& before) {
  if (before && why_refused(error.code)) {
    error.message = fmt::format(
        "a renewal was sent at {}, and its answer was lost or the process ended before it could be "
        "stored; now: {}",
        to_rfc3339(before->begun_at),
        error.message);
    error.code = ErrorCode::credential_uncertain;
    error.next = sign_in_again(session);
    return std::move(error).with("profile", session.profile);
  }
  if (is_in_doubt(error.code)) {
    error.next = fmt::format(
        "the server may have renewed it, and then accepts the old one no more: atlink status "
        "--profile {0} tells; if so: atlink login --profile {0}",
        session.profile);
  } else if (const auto why = why_refused(error.code)) {
    error.code = ErrorCode::credential_not_renewable;
    error.message = fmt::format("{}: {}", *why, error.message);
    error.next = fmt::format("{} (the old credential is kept as it was)", sign_in_again(session));
  } else if (error.code == ErrorCode::credential_not_renewable) {
    error.next = sign_in_again(session);
  }
  return std::move(error).with("profile", session.profile);
}

// In the place of the one that was renewed alone: who has signed in or out meanwhile has the last
// word. False where somebody has.
Result<bool> keep(Session& session, const Credential& old, const Credential& fresh) {
  auto kept = session.store->replace(session.profile, old.version, fresh);
  if (kept) {
    return kept;
  }
  Error error = std::move(kept).error();
  error.message = fmt::format(
      "the server has renewed the credential and accepts the old one no more, but the new one "
      "cannot be kept: {}",
      error.message);
  error.next = fmt::format("mend that, then {}", sign_in_again(session));
  return fail(std::move(error).with("profile", session.profile));
}

Status report(Call& call, const Session& session, const Credential& credential, bool renewed) {
  if (call.report.json()) {
    json::Value object;
    object.set("profile", session.profile);
    object.set("renewed", renewed);
    object.set("user", or_null(credential.user));
    object.set("base_url", session.issued_for.base_url);
    object.set("issued_at", or_null(credential.issued_at));
    object.set("expires_at", or_null(credential.expires_at));
    object.set("session_ends_at", or_null(credential.session_ends_at));
    return call.report.document(object);
  }
  const std::string who =
      credential.user.empty() ? std::string() : fmt::format(" for {}", credential.user);
  call.report.note(renewed ? fmt::format("renewed{}{}", who, until(credential))
                   : session.two_legged
                       ? fmt::format("profile {} signs as the consumer alone and has nothing to "
                                     "renew",
                                     session.profile)
                       : fmt::format("somebody has signed in with profile {} meanwhile, and that "
                                     "sign-in is kept",
                                     session.profile));
  return {};
}

// Writes down that the session handle is about to be spent. Gives what was written down before and
// has had no outcome.
Result<std::optional<Renewal>> note_begin(const Call& call,
                                          Session& session,
                                          const Credential& old) {
  ATLINK_ASSIGN(std::optional<Renewal> before, session.store->load_renewal(session.profile));
  if (before && before->version == old.version) {
    return before;
  }
  ATLINK_CHECK(
      session.store->save_renewal(session.profile, {old.version, call.app.platform.clock.now()}));
  return std::optional<Renewal>();
}

// The old credential is in its file until the new one is; the new one is used only then.
Status renew_now(Call& call, Session& session) {
  // The one lock of all who renew: two at a time would both spend the one session handle.
  ATLINK_ASSIGN(const auto alone, session.store->lock_renewal(session.profile, patience));
  ATLINK_ASSIGN(const Credential old, credential_of(session));
  ATLINK_CHECK(check_renewable(session, old));
  ATLINK_ASSIGN(const std::optional<Renewal> before, note_begin(call, session, old));
  Dance dance(call.app.platform, session.connection, session.issued_for);
  auto fresh = dance.renew(old);
  if (!fresh) {
    if (!before && !is_in_doubt(fresh.error().code)) {
      ATLINK_CHECK(session.store->erase_renewal(session.profile));
    }
    return fail(explain(std::move(fresh).error(), session, before));
  }
  ATLINK_ASSIGN(const bool kept, keep(session, old, *fresh));
  ATLINK_CHECK(session.store->erase_renewal(session.profile));
  if (!kept) {
    // Signed out: says so. Signed in: that one counts.
    ATLINK_ASSIGN(const Credential newer, credential_of(session));
    return report(call, session, newer, false);
  }
  ATLINK_CHECK(try_out(call, session, *fresh, false));
  return report(call, session, *fresh, true);
}

Status not_by_session(const Session& session) {
  const bool by_itself =
      session.method == SignInMethod::oauth2 || session.method == SignInMethod::client_credentials;
  return by_itself ? fail(ErrorCode::product_unsupported,
                          fmt::format("a sign-in by {} is renewed by itself when it is used",
                                      to_string(session.method)),
                          fmt::format("atlink status --profile {}", session.profile))
                   : fail(ErrorCode::product_unsupported,
                          fmt::format("nothing renews a sign-in by {}", to_string(session.method)),
                          fmt::format("make a new one at the site, then: atlink login --profile {}",
                                      session.profile));
}

Status run(Call& call) {
  ATLINK_ASSIGN(Session session, open_session(call));
  if (session.method != SignInMethod::oauth1) {
    return not_by_session(session);
  }
  if (session.two_legged) {
    return report(call, session, Credential(), false);
  }
  // Told before a lock is taken, which needs a home that a runner may not have.
  ATLINK_ASSIGN(const Credential known, credential_of(session));
  ATLINK_CHECK(check_renewable(session, known));
  return call.app.surroundings.until_signalled([&] { return renew_now(call, session); },
                                               [] { interrupt_waiting(); });
}

constexpr std::array options{passphrase_option};
constexpr std::array examples{
    Example{"atlink renew", "a new credential for the chosen profile, without a browser"},
    Example{"atlink status --all --fail-if-expires-within 30d || atlink renew --profile work",
            "in a nightly job"},
};

}  // namespace

const Command renew{"renew",
                    "replace the credential by a new one, without a browser",
                    "Uses the session that the server gave with the credential (OAuth Session "
                    "extension), also some "
                    "time after the credential itself has expired. The new one is kept before it "
                    "is used; where the "
                    "server refuses, the old one stays as it was.",
                    {},
                    options,
                    examples,
                    run};

}  // namespace atlink::cli::commands
