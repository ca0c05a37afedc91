// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/stores.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink::tests {

/// One passphrase for all profiles, cheap to derive from; writes down who asked and why.
class FixedPassphrase final : public Passphrases {
 public:
  explicit FixedPassphrase(std::string text) : passphrase(std::move(text)) {}

  [[nodiscard]] Result<Passphrase> of(std::string_view profile, bool is_new) override {
    asked.emplace_back(std::string(profile) + (is_new ? " new" : ""));
    if (passphrase.empty()) {
      return fail(ErrorCode::no_terminal, "nothing gives a passphrase");
    }
    return Passphrase{Secret(passphrase), SealCost{4, 1, 1}};
  }

  std::string passphrase;
  std::vector<std::string> asked;
};

}  // namespace atlink::tests
