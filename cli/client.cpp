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
  return credential_of(session);
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

Result<std::unique_ptr<Client>> client_with(const Call& call,
                                            Session& session,
                                            Credential credential) {
  const std::string& gateway = session.issued_for.gateway;
  if (is_renewed(session.method) && !gateway.empty() && credential.site_id.empty()) {
    ATLINK_ASSIGN(const std::vector<std::string> addresses, addresses_of(session));
    ATLINK_CHECK(agree_to_origins(call, session, addresses));
    ATLINK_ASSIGN(credential.site_id, find_site(call, session.connection, credential));
  }
  if (!gateway.empty() && !credential.site_id.empty()) {
    ATLINK_ASSIGN(session.connection.gateway, oauth2::gateway_of(gateway, credential.site_id));
  }
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
    const auto known = session.store->load(session.profile);
    const bool from_outside = known && known->has_value() && (*known)->read_only;
    error.next = from_outside
                     ? "the environment gives this credential: give one there that counts"
                     : fmt::format("sign in again: atlink login --profile {}", session.profile);
  }
  return std::move(error).with("profile", session.profile);
}

}  // namespace atlink::cli
