// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/token_endpoints.h"

#include <optional>
#include <string>

namespace atlink::plugins::sandbox {

/// Who stands behind a request for a resource.
struct Identity {
  /// Empty for nobody.
  std::string user;
  /// "anonymous", "oauth1" or "oauth1-two-legged".
  std::string how = "anonymous";

  [[nodiscard]] bool anonymous() const { return user.empty(); }
};

/// An identity, or what is wrong with the signature.
struct Admission {
  Identity identity;
  std::optional<Problem> problem;
};

/// Finds out who makes a request for a resource. A request that lacks any of the six OAuth
/// parameters is no OAuth request but an anonymous one, without an error; an empty token is the
/// two-legged form, which may act as a user that the described parameter names.
class Gate {
 public:
  /// `user` is whom two-legged requests act as.
  Gate(const DanceParts& parts, std::string user) : parts_(parts), user_(std::move(user)) {}

  [[nodiscard]] Admission admit(const Visit& visit);

 private:
  [[nodiscard]] Admission three_legged(const OAuthMessage& message, std::int64_t now);
  [[nodiscard]] Admission two_legged(const Visit& visit, const OAuthMessage& message);
  /// Whom a two-legged request wants to act as, where it says so in the query.
  [[nodiscard]] std::optional<std::string> acts_for(const Visit& visit) const;

  DanceParts parts_;
  std::string user_;
};

}  // namespace atlink::plugins::sandbox
