// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/product.h"
#include "atlink/secret.h"
#include "plugins/sandbox/consumers.h"
#include "plugins/sandbox/oauth_message.h"
#include "plugins/sandbox/problem.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace atlink::plugins::sandbox {

/// Seconds by which a timestamp may be off, either way.
inline constexpr std::int64_t timestamp_window = 300;

/// What has been seen inside the timestamp window. Bounded: a flood pushes out the oldest.
class NonceMemory {
 public:
  /// Remembers a nonce; false if it was known. `key` is whatever makes it unique beside the time.
  bool add(std::int64_t timestamp, std::string key, std::int64_t now);

 private:
  void forget_oldest();

  std::set<std::pair<std::int64_t, std::string>> seen_;
  std::size_t bytes_ = 0;
};

/// The checks that every signed request has to pass, in the order of the products.
class Checks {
 public:
  explicit Checks(const OAuth1Rules& rules) : rules_(rules) {}

  /// Whether the product takes the signature method; comes before everything else.
  [[nodiscard]] std::optional<Problem> method(const OAuthMessage& message) const;

  /// Repeated parameters, version, timestamp, nonce and signature. `token_secret` is null where
  /// there is no token.
  [[nodiscard]] std::optional<Problem> message(const OAuthMessage& message,
                                               const Consumer& consumer,
                                               const Secret* token_secret,
                                               std::int64_t now);

 private:
  std::optional<Problem> time_and_nonce(const OAuthMessage& message, std::int64_t now);

  const OAuth1Rules& rules_;
  NonceMemory nonces_;
};

/// The problem of a missing parameter.
[[nodiscard]] Problem absent(std::string_view parameter);

}  // namespace atlink::plugins::sandbox
