// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth2.h"
#include "core/oauth2/token_call.h"
#include "core/text/words.h"

#include <utility>

namespace atlink::oauth2 {

namespace {

Result<Credential> ask_as_client(const Platform& platform,
                                 const Connection& connection,
                                 const IssuedFor& issued_for,
                                 bool once) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection));
  TokenCall call;
  call.fields = {{"grant_type", "client_credentials"}};
  if (const auto& scopes = scopes_of(connection, *rules); !scopes.empty()) {
    call.fields.emplace_back("scope", join_words(scopes));
  }
  call.safe_to_repeat = true;
  call.once = once;
  ATLINK_ASSIGN(Credential credential, call_token_endpoint(platform, connection, call));
  credential.issued_for = issued_for;
  return credential;
}

Result<Credential> exchange(const Platform& platform,
                            const Connection& connection,
                            const Credential& old,
                            bool once) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection));
  TokenCall call;
  call.fields = {{"grant_type", "refresh_token"},
                 {"refresh_token", std::string(old.refresh_token.expose())}};
  if (rules->redirect_on_refresh && !connection.registration.redirect_uri.empty()) {
    call.fields.emplace_back("redirect_uri", connection.registration.redirect_uri);
  }
  call.safe_to_repeat = rules->refresh == OAuth2Rules::Refresh::keeps;
  call.once = once;
  ATLINK_ASSIGN(Credential fresh, call_token_endpoint(platform, connection, call));
  if (fresh.refresh_token.empty()) {
    fresh.refresh_token = old.refresh_token.clone();
    fresh.session_ends_at = old.session_ends_at;
  }
  fresh.issued_for = old.issued_for;
  fresh.user = old.user;
  fresh.site_id = old.site_id;
  fresh.version = old.version;
  if (fresh.scopes.empty()) {
    fresh.scopes = old.scopes;
  }
  return fresh;
}

}  // namespace

Result<Credential> client_credentials(const Platform& platform,
                                      const Connection& connection,
                                      const IssuedFor& issued_for) {
  return ask_as_client(platform, connection, issued_for, false);
}

Result<Credential> client_credentials_once(const Platform& platform,
                                           const Connection& connection,
                                           const IssuedFor& issued_for) {
  return ask_as_client(platform, connection, issued_for, true);
}

Result<Credential> refresh(const Platform& platform,
                           const Connection& connection,
                           const Credential& old) {
  return exchange(platform, connection, old, false);
}

Result<Credential> refresh_once(const Platform& platform,
                                const Connection& connection,
                                const Credential& old) {
  return exchange(platform, connection, old, true);
}

}  // namespace atlink::oauth2
