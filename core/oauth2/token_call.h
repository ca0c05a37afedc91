// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/credential.h"
#include "atlink/oauth2.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/text.h"

#include <string>
#include <string_view>

namespace atlink::oauth2 {

/// The rules of OAuth 2.0. Fails with `product_unsupported` where there are none.
[[nodiscard]] Result<const OAuth2Rules*> rules_of(const Connection& connection);

/// One POST to the token endpoint (RFC 6749 section 3.2).
struct TokenCall {
  /// Without what proves the client.
  FormFields fields;
  /// Whether a second call does no harm if the answer to the first is lost.
  bool safe_to_repeat = false;
  /// Whether nobody should wait for it: one attempt, whatever the answer.
  bool once = false;
  /// The next step where the server takes the grant no more.
  std::string_view next_on_invalid_grant;
};

/// Carries it out, encoded and with the client proven as the description says, and reads the answer
/// (section 5). Fails with the server's error (`oauth2_…`), `consumer_missing` where the client's
/// id or a secret that it needs is missing, `credential_insecure`, `network_*`, `answer_*`.
[[nodiscard]] Result<Credential> call_token_endpoint(const Platform& platform,
                                                     const Connection& connection,
                                                     const TokenCall& call);

/// `refresh` in one attempt, for a credential that is still good.
[[nodiscard]] Result<Credential> refresh_once(const Platform& platform,
                                              const Connection& connection,
                                              const Credential& old);

/// `client_credentials` likewise.
[[nodiscard]] Result<Credential> client_credentials_once(const Platform& platform,
                                                         const Connection& connection,
                                                         const IssuedFor& issued_for);

/// What the server calls `word`, with its own description, as an error.
[[nodiscard]] Error to_error(const OAuth2Rules& rules,
                             std::string_view word,
                             std::string_view description,
                             std::string_view next_on_invalid_grant);

/// The scopes to ask for, without the one for refresh tokens.
[[nodiscard]] const std::vector<std::string>& scopes_of(const Connection& connection,
                                                        const OAuth2Rules& rules);

}  // namespace atlink::oauth2
