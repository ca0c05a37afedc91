// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/oauth1.h"
#include "atlink/result.h"
#include "plugins/sandbox/sandbox.h"

#include <map>
#include <string>
#include <string_view>

namespace atlink::plugins::sandbox {

/// A registered consumer: what an application link is on a real site.
struct Consumer {
  std::string key;
  std::string name;
  /// Where the browser goes when a request names no callback; may be empty.
  std::string callback;
  bool two_legged = false;
  oauth1::ConsumerVerifier verifier;
};

/// Whether `callback` is an absolute http or https URL that can stand in a Location header.
[[nodiscard]] bool is_callback(std::string_view callback);

/// The consumers of the site, by key. At most a thousand.
class Consumers {
 public:
  /// Adds or replaces; true if it is new. Fails with `consumer_missing` for a key that cannot be
  /// sent, neither or both of public key and secret, or no room, `url_invalid` for a callback, and
  /// like `RsaPublicKey::parse`.
  [[nodiscard]] Result<bool> put(const SandboxConsumer& consumer);

  /// Null for an unknown key. Valid until the next change.
  [[nodiscard]] const Consumer* find(std::string_view key) const;

  /// False for an unknown key.
  bool remove(std::string_view key);

  [[nodiscard]] const std::map<std::string, Consumer, std::less<>>& all() const { return all_; }

 private:
  std::map<std::string, Consumer, std::less<>> all_;
};

}  // namespace atlink::plugins::sandbox
