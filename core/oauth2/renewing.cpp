// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth2.h"
#include "core/http/retry.h"
#include "core/oauth2/token_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace atlink::oauth2 {

namespace {

using std::chrono::seconds;
using Shared = std::shared_ptr<const Credential>;

/// Longer than one renewal takes at worst; all who wait for it find it done.
constexpr seconds lock_patience{180};
/// Whoever holds a lock must be done before others think that it was killed.
constexpr seconds at_once{20};
/// So long before its end a credential is renewed, or a fifth of its life if that is less.
constexpr seconds earliest{120};

bool is_over(const Credential& credential, TimePoint now) {
  return credential.expires_at && *credential.expires_at <= now;
}

bool ends_soon(const Credential& credential, TimePoint now) {
  if (!credential.expires_at) {
    return false;
  }
  TimePoint::duration before = earliest;
  if (credential.issued_at) {
    before = std::min(before, (*credential.expires_at - *credential.issued_at) / 5);
  }
  return *credential.expires_at - before <= now;
}

bool asks_afresh(const Credential& credential) {
  return credential.issued_for.method == SignInMethod::client_credentials;
}

/// A session handle of OAuth 1.0a does what a refresh token does, until its session ends.
bool is_renewable(const Credential& credential, TimePoint now) {
  const bool has_session = !credential.session_handle.empty() &&
                           (!credential.session_ends_at || *credential.session_ends_at > now);
  return !credential.read_only &&
         (asks_afresh(credential) || !credential.refresh_token.empty() || has_session);
}

bool is_signature(const Credential& credential) {
  return credential.issued_for.method == SignInMethod::oauth1;
}

/// The server takes what renews no more.
bool is_refusal(ErrorCode code) {
  switch (code) {
    case ErrorCode::oauth2_invalid_grant:
    case ErrorCode::oauth1_permission_denied:
    case ErrorCode::oauth1_token_rejected:
    case ErrorCode::oauth1_token_revoked:
    case ErrorCode::oauth1_token_used:
    case ErrorCode::oauth1_token_expired:
      return true;
    default:
      return false;
  }
}

/// Whether the server may have renewed it although this came back: no answer, one of something in
/// between, or one that says nothing.
bool is_unclear(const Error& error) {
  const std::string_view status = error.fact("status");
  return http::may_have_been_done(error.code) || error.code == ErrorCode::cancelled ||
         error.code == ErrorCode::oauth2_token_absent || status == "502" || status == "504";
}

/// A server that did not answer in time has had its time, and who interrupts does not wait.
bool is_worth_another(const Error& error) {
  return is_unclear(error) && error.code != ErrorCode::cancelled &&
         error.code != ErrorCode::network_timeout;
}

/// What token calls need of a connection.
Connection for_token_calls(const Connection& connection) {
  Connection copy{connection.product, connection.base};
  copy.options = connection.options;
  const ClientRegistration& client = connection.registration;
  copy.registration = {client.id, client.secret.clone(), client.redirect_uri, client.scopes};
  copy.consumer = {
      connection.consumer.key, connection.consumer.private_key, connection.consumer.secret.clone()};
  copy.method = connection.method;
  copy.transmission = connection.transmission;
  return copy;
}

Error uncertain(const CredentialStore::Renewal& renewal, const Error* refusal) {
  std::string message = fmt::format(
      "a renewal of the credential was sent at {}, and its answer was lost or the process ended "
      "before it could be stored",
      to_rfc3339(renewal.begun_at));
  if (refusal != nullptr) {
    message += "; the server takes what renews it no more (" + refusal->message + ")";
  }
  return make_error(
             ErrorCode::credential_uncertain, std::move(message), "sign in again: atlink login")
      .with("begun_at", to_rfc3339(renewal.begun_at));
}

class Renewing final : public CredentialSource {
 public:
  Renewing(const Platform& platform,
           const Connection& connection,
           CredentialStore& store,
           std::string profile,
           Credential credential)
      : platform_(platform),
        connection_(for_token_calls(connection)),
        store_(store),
        profile_(std::move(profile)),
        current_(std::make_shared<const Credential>(std::move(credential))) {}

  [[nodiscard]] Result<Shared> current() override {
    const std::lock_guard<std::mutex> guard(mutex_);
    const TimePoint now = platform_.clock.now();
    const bool over = is_over(*current_, now);
    if (!is_renewable(*current_, now) || !(over || (ends_soon(*current_, now) && !failed_early_))) {
      return current_;
    }
    if (const Status renewed = renew_now(over); !renewed) {
      if (over) {
        return fail(renewed.error());
      }
      failed_early_ = true;  // it is good for a while; once it is over, it is tried again
    }
    return current_;
  }

  [[nodiscard]] bool can_renew(const Credential& refused) override {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (is_signature(*current_) && current_->version == refused.version) {
      // Who has just renewed it has perhaps not stored the outcome yet.
      const auto held = store_.lock_renewal(profile_, lock_patience);
      if (const auto stored = read_stored()) {
        current_ = *stored;
      }
    }
    return current_->version != refused.version || is_renewable(*current_, platform_.clock.now());
  }

  Status renew(const Credential& refused) override {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (current_->version != refused.version) {
      return {};
    }
    return renew_now(true);
  }

 private:
  using Renewal = CredentialStore::Renewal;

  /// `needed`: the credential is of no use as it is.
  [[nodiscard]] Status renew_now(bool needed) {
    auto held = store_.lock_renewal(profile_, lock_patience);
    if (!held && !asks_afresh(*current_)) {
      return fail(std::move(held).error());
    }
    ATLINK_ASSIGN(const Shared stored, read_stored());
    if (stored && stored->version != current_->version) {
      current_ = stored;
      if (!ends_soon(*current_, platform_.clock.now())) {
        return {};
      }
    }
    return asks_afresh(*current_) ? ask_afresh(stored != nullptr, needed) : exchange(needed);
  }

  /// What is stored now, if it is for the same place; none where nothing is.
  [[nodiscard]] Result<Shared> read_stored() {
    ATLINK_ASSIGN(auto stored, store_.load(profile_));
    if (stored) {
      ATLINK_CHECK(check_issued_for(stored->issued_for, current_->issued_for));
      return Shared(std::make_shared<const Credential>(*std::move(stored)));
    }
    if (asks_afresh(*current_)) {
      return Shared();
    }
    return fail(ErrorCode::credential_missing,
                fmt::format("profile {} was signed out meanwhile", profile_),
                fmt::format("atlink login --profile {}", profile_));
  }

  /// A further token harms nobody, so nothing has to be written down before. Where it cannot be
  /// kept, it serves this run.
  [[nodiscard]] Status ask_afresh(bool is_stored, bool needed) {
    const IssuedFor& here = current_->issued_for;
    ATLINK_ASSIGN(Credential fresh,
                  needed ? client_credentials(platform_, connection_, here)
                         : client_credentials_once(platform_, connection_, here));
    fresh.user = current_->user;
    fresh.site_id = current_->site_id;
    fresh.agreed_origins = current_->agreed_origins;
    const std::int64_t before = current_->version;
    if (is_stored) {
      static_cast<void>(store_.replace(profile_, before, fresh));
    }
    fresh.version = before + 1;
    current_ = std::make_shared<const Credential>(std::move(fresh));
    return {};
  }

  /// Nobody waits for a server that is busy while the credential is still good.
  [[nodiscard]] Result<Credential> ask(bool needed) {
    if (is_signature(*current_)) {
      return Dance(platform_, connection_, current_->issued_for).renew(*current_);
    }
    return needed ? refresh(platform_, connection_, *current_)
                  : refresh_once(platform_, connection_, *current_);
  }

  [[nodiscard]] Status exchange(bool needed) {
    const auto& rules = connection_.product.oauth2;
    if (!is_signature(*current_) && rules && rules->refresh == OAuth2Rules::Refresh::keeps) {
      // Sent twice it does no harm, so there is nothing to write down.
      auto fresh = ask(needed);
      return fresh ? keep(*std::move(fresh)) : give_up(std::move(fresh).error(), std::nullopt);
    }
    ATLINK_ASSIGN(std::optional<Renewal> before, store_.load_renewal(profile_));
    if (before && before->version != current_->version) {
      before.reset();  // its outcome has been stored
    }
    if (before && !needed) {
      // Sent twice, a token that is good once could end what still works.
      return fail(uncertain(*before, nullptr));
    }
    const Renewal note{current_->version, platform_.clock.now()};
    if (!before) {
      ATLINK_CHECK(store_.save_renewal(profile_, note));
    }
    const auto started = platform_.clock.steady();
    auto fresh = ask(needed);
    const bool quick = platform_.clock.steady() - started <= at_once;
    if (!fresh && needed && quick && !before && is_worth_another(fresh.error())) {
      // There is nothing left to lose, and a server may forgive it or never have seen the first.
      before = note;
      fresh = ask(false);
    }
    return fresh ? keep(*std::move(fresh)) : give_up(std::move(fresh).error(), before);
  }

  /// Stored before it is used: the old one is good no more.
  [[nodiscard]] Status keep(Credential fresh) {
    fresh.agreed_origins = current_->agreed_origins;
    const std::int64_t before = current_->version;
    ATLINK_ASSIGN(const bool kept, store_.replace(profile_, before, fresh));
    if (!kept) {
      ATLINK_ASSIGN(current_, read_stored());
      return {};
    }
    fresh.version = before + 1;
    current_ = std::make_shared<const Credential>(std::move(fresh));
    // What is left of it names an older version and is passed over.
    static_cast<void>(store_.erase_renewal(profile_));
    return {};
  }

  [[nodiscard]] Status give_up(Error error, const std::optional<Renewal>& before) {
    if (is_unclear(error)) {
      error.next =
          "run the command again: the renewal is tried once more, and if the server takes "
          "it no more, sign in again: atlink login";
      return fail(std::move(error).with("renewal", "its outcome is not known"));
    }
    if (!is_refusal(error.code)) {
      if (!before) {
        static_cast<void>(store_.erase_renewal(profile_));
      }
      return fail(std::move(error));
    }
    // Somebody with another lock may have been faster.
    ATLINK_ASSIGN(const Shared stored, read_stored());
    if (stored->version != current_->version) {
      current_ = stored;
      return {};
    }
    if (before) {
      return fail(uncertain(*before, &error));
    }
    static_cast<void>(store_.erase_renewal(profile_));
    if (error.code == ErrorCode::oauth1_permission_denied) {
      // Of a session this says that it is over, not that somebody may not do something.
      error.code = ErrorCode::credential_not_renewable;
      error.message =
          "the credential has ended, and the session that renews it is over: " + error.message;
      error.next = "sign in again: atlink login";
    }
    return fail(std::move(error));
  }

  Platform platform_;
  Connection connection_;
  CredentialStore& store_;
  std::string profile_;
  std::mutex mutex_;
  Shared current_;
  bool failed_early_ = false;
};

}  // namespace

std::shared_ptr<CredentialSource> renewing_credential(const Platform& platform,
                                                      const Connection& connection,
                                                      CredentialStore& store,
                                                      std::string profile,
                                                      Credential credential) {
  return std::make_shared<Renewing>(
      platform, connection, store, std::move(profile), std::move(credential));
}

}  // namespace atlink::oauth2
