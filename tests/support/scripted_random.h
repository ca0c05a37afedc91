// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

#include <span>
#include <string>
#include <utility>

namespace atlink::tests {

/// Gives the bytes that a test chose, in order, and fails when they are used up.
class ScriptedRandom final : public RandomSource {
 public:
  explicit ScriptedRandom(std::string bytes) : bytes_(std::move(bytes)) {}

  Status fill(std::span<unsigned char> out) override {
    if (bytes_.size() - used_ < out.size()) {
      return atlink::fail(ErrorCode::internal, "no more random bytes");
    }
    for (unsigned char& byte : out) {
      byte = static_cast<unsigned char>(bytes_[used_++]);
    }
    return {};
  }

  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  std::string bytes_;
  std::size_t used_ = 0;
};

}  // namespace atlink::tests
