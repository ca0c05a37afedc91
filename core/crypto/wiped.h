// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/secret.h"

#include <string>
#include <string_view>
#include <utility>

namespace atlink::crypto {

/// A string for intermediate steps with secret bytes, wiped when it goes. Reserve before appending:
/// a buffer that is outgrown is not wiped.
class WipedString {
 public:
  WipedString() = default;

  explicit WipedString(std::string bytes) : text(std::move(bytes)) {}

  WipedString(WipedString&&) = delete;
  WipedString(const WipedString&) = delete;
  WipedString& operator=(WipedString&&) = delete;
  WipedString& operator=(const WipedString&) = delete;

  ~WipedString() { wipe_memory(text.data(), text.size()); }

  std::string text;
};

}  // namespace atlink::crypto
