// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace atlink::plugins::sandbox {

/// Temporary credentials and what the person said to them.
struct RequestToken {
  enum class State { pending, allowed, denied };

  std::string token;
  Secret secret;
  std::string consumer_key;
  /// Empty for "oob" and for none at all.
  std::string callback;
  /// OAuth 1.0, from before 1.0a: asked for without any callback, exchanged without a verifier.
  bool old_version = false;
  /// Seconds since 1970.
  std::int64_t expires = 0;
  State state = State::pending;
  std::string user;
  std::string verifier;
  /// Guards the consent form.
  std::string xsrf;
};

/// Token credentials with their session.
struct AccessToken {
  std::string token;
  Secret secret;
  std::string consumer_key;
  std::string user;
  /// Seconds since 1970; 0 for never.
  std::int64_t expires = 0;
  /// Empty where the product has no sessions.
  std::string session_handle;
  /// Seconds since 1970; 0 for never.
  std::int64_t session_ends = 0;
};

/// Every token of the site. Bounded: beyond ten thousand of a kind the one that expires first goes.
class Tokens {
 public:
  Tokens(RandomSource& random, const OAuth1Rules& rules) : random_(random), rules_(rules) {}

  /// Makes temporary credentials. Fails only if the random source does.
  [[nodiscard]] Result<RequestToken*> add_request(std::string_view consumer_key, std::int64_t now);

  /// Makes token credentials. Fails only if the random source does.
  [[nodiscard]] Result<AccessToken*> add_access(std::string_view consumer_key,
                                                std::string_view user,
                                                std::int64_t now);

  /// Null where there is none; valid until the next change.
  [[nodiscard]] RequestToken* find_request(std::string_view token);
  [[nodiscard]] AccessToken* find_access(std::string_view token);

  void remove_request(std::string_view token);
  void remove_access(std::string_view token);

  /// What the consumer of that key had, which ends with it.
  void remove_of(std::string_view consumer_key);

  /// Six letters and digits.
  [[nodiscard]] Result<std::string> make_verifier();

 private:
  RandomSource& random_;
  const OAuth1Rules& rules_;
  std::map<std::string, RequestToken, std::less<>> requests_;
  std::map<std::string, AccessToken, std::less<>> accesses_;
};

}  // namespace atlink::plugins::sandbox
