// SPDX-License-Identifier: Apache-2.0
// From a session to something that sends.
#include "atlink/oauth2.h"
#include "cli/session.h"
#include "cli/sign_in.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

bool is_renewed(SignInMethod method) {
  return method == SignInMethod::oauth2 || method == SignInMethod::client_credentials;
}

// Where a token works that came in by a variable: as the one that was kept at the sign-in does. For
// this alone no passphrase is asked for, and no keyring opened.
void remember_site(const Call& call, const Session& session, Credential& credential) {
  const bool may_be_elsewhere = session.method == SignInMethod::api_token && credential.read_only &&
                                !session.issued_for.gateway.empty() &&
                                session.choice.kind == StoreKind::file;
  const auto kept = may_be_elsewhere ? open_store_behind(call, session.profile, session.choice)
                                     : Result<std::unique_ptr<CredentialStore>>(nullptr);
  if (!kept || *kept == nullptr) {
    return;
  }
  const auto known = (*kept)->load(session.profile);
  if (known && known->has_value() && check_issued_for((*known)->issued_for, session.issued_for)) {
    credential.site_id = (*known)->site_id;
    credential.agreed_origins = (*known)->agreed_origins;
  }
}

// A credential of the environment can only be mended there.
std::string step_after_refusal(const Session& session) {
  const auto known = session.store->load(session.profile);
  if (!known || !known->has_value() || !(*known)->read_only) {
    const std::string again =
        fmt::format("sign in again: atlink login --profile {}", session.profile);
    // Servers say 401, too, where a token is good and not for this.
    return is_renewed(session.method)
               ? fmt::format(
                     "{}; if the request needs a scope that was not asked for, first: atlink "
                     "profile set {} --scope SCOPE (once for each)",
                     again,
                     session.profile)
               : again;
  }
  if (session.method != SignInMethod::api_token || session.issued_for.gateway.empty()) {
    return "the environment gives this credential: give one there that counts";
  }
  return fmt::format(
      "the environment gives this token: give one there that counts; one with scopes "
      "works at {} only: sign in with it once, or make that ATLINK_URL",
      session.issued_for.gateway);
}

// Where the credential's requests go.
Status choose_gateway(const Call& call, Session& session, Credential& credential) {
  const std::string& gateway = session.issued_for.gateway;
  if (is_renewed(session.method) && !gateway.empty() && credential.site_id.empty()) {
    ATLINK_ASSIGN(const std::vector<std::string> addresses, addresses_of(session));
    ATLINK_CHECK(agree_to_origins(call, session, addresses));
    ATLINK_ASSIGN(credential.site_id, find_site(call, session.connection, credential));
  }
  if (!gateway.empty() && !credential.site_id.empty()) {
    ATLINK_ASSIGN(session.connection.gateway, oauth2::gateway_of(gateway, credential.site_id));
  }
  return {};
}

}  // namespace

Result<Credential> credential_to_use(const Call& call, Session& session) {
  const bool headless =
      session.method == SignInMethod::client_credentials &&
      secret_from(call.app.platform.environment, "ATLINK_CLIENT_SECRET", session.profile);
  if (headless) {
    ATLINK_ASSIGN(const auto known, session.store->load(session.profile));
    if (!known) {
      return credential_of_client(call, session);
    }
  }
  ATLINK_ASSIGN(Credential credential, credential_of(session));
  remember_site(call, session, credential);
  return credential;
}

std::shared_ptr<CredentialSource> source_of(const Call& call,
                                            Session& session,
                                            Credential credential) {
  const bool by_session =
      session.method == SignInMethod::oauth1 && !credential.session_handle.empty();
  if (!is_renewed(session.method) && !by_session) {
    return fixed_credential(std::move(credential));
  }
  return oauth2::renewing_credential(call.app.platform,
                                     session.connection,
                                     *session.store,
                                     session.profile,
                                     std::move(credential));
}

Result<std::unique_ptr<Client>> client_to_try(const Call& call,
                                              Session& session,
                                              Credential credential) {
  ATLINK_CHECK(choose_gateway(call, session, credential));
  return std::make_unique<Client>(
      call.app.platform, std::move(session.connection), fixed_credential(std::move(credential)));
}

Result<std::unique_ptr<Client>> client_with(const Call& call,
                                            Session& session,
                                            Credential credential) {
  ATLINK_CHECK(choose_gateway(call, session, credential));
  auto source = source_of(call, session, std::move(credential));
  return std::make_unique<Client>(
      call.app.platform, std::move(session.connection), std::move(source));
}

Result<std::unique_ptr<Client>> open_client(const Call& call, Session& session) {
  if (session.two_legged) {
    return std::make_unique<Client>(
        call.app.platform, std::move(session.connection), oauth1::Token{});
  }
  ATLINK_ASSIGN(Credential credential, credential_to_use(call, session));
  return client_with(call, session, std::move(credential));
}

Error for_session(Error error, const Session& session) {
  const bool refused = error.code == ErrorCode::answer_unauthorized;
  if (refused && session.two_legged) {
    error.next =
        "check that the link allows requests without a user, and, where they act for one, "
        "that too: atlink link show";
  } else if (refused && error.next == "sign in again") {
    error.next = step_after_refusal(session);
  }
  return std::move(error).with("profile", session.profile);
}

}  // namespace atlink::cli
