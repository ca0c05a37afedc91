// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/oauth1.h"
#include "atlink/platform.h"
#include "atlink/result.h"

namespace atlink::oauth1 {

/// One signed POST to a token endpoint (RFC 5849 sections 2.1 and 2.3).
struct TokenCall {
  const EndpointPath& endpoint;
  /// Not owned; null for temporary credentials.
  const Token* token = nullptr;
  /// oauth_callback, oauth_verifier, oauth_session_handle.
  FormFields extra = {};
  /// Whether a second call does no harm if the answer to the first is lost.
  bool safe_to_repeat = false;
};

/// Carries it out, with one correction of the clock. Fails with the problem that the server
/// reports, `oauth1_insecure` for a shared secret over plain http beyond loopback, `network_*`,
/// `answer_*` (a redirect elsewhere and a login page among them), `oauth1_token_absent`.
[[nodiscard]] Result<TokenAnswer> call_token_endpoint(const Platform& platform,
                                                      const Connection& connection,
                                                      const TokenCall& call);

}  // namespace atlink::oauth1
