// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/checks.h"
#include "plugins/sandbox/consumers.h"
#include "plugins/sandbox/oauth_message.h"
#include "plugins/sandbox/tokens.h"
#include "plugins/sandbox/visit.h"

#include <optional>

namespace atlink::plugins::sandbox {

/// What the parts of the dance share. Does not own.
struct DanceParts {
  const Product& product;
  const OAuth1Rules& rules;
  Consumers& consumers;
  Tokens& tokens;
  Checks& checks;
};

/// The two endpoints that clients, not browsers, talk to: temporary credentials, and their exchange
/// or the renewal of token credentials. Only POST does anything; GET is 200 with an empty body, as
/// the products do.
class TokenEndpoints {
 public:
  explicit TokenEndpoints(const DanceParts& parts) : parts_(parts) {}

  [[nodiscard]] ServerResponse request_token(const Visit& visit);
  [[nodiscard]] ServerResponse access_token(const Visit& visit);

 private:
  [[nodiscard]] std::optional<Problem> judge_request(const OAuthMessage& message,
                                                     std::int64_t now) const;
  [[nodiscard]] std::optional<Problem> judge_exchange(const OAuthMessage& message,
                                                      const RequestToken* token,
                                                      std::int64_t now) const;
  [[nodiscard]] std::optional<Problem> judge_renewal(const OAuthMessage& message,
                                                     const AccessToken& token,
                                                     std::int64_t now) const;
  [[nodiscard]] std::optional<Problem> judge_signature(const OAuthMessage& message,
                                                       const Secret* token_secret,
                                                       std::int64_t now) const;
  [[nodiscard]] ServerResponse issue(const Visit& visit,
                                     std::string_view consumer_key,
                                     std::string_view user);

  DanceParts parts_;
};

}  // namespace atlink::plugins::sandbox
