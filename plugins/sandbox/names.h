// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"

#include <string>
#include <string_view>

namespace atlink::plugins::sandbox {

/// What {user}, {base_url} and {version} of the testdata stand for.
struct Names {
  std::string_view user;
  std::string_view base_url;
  std::string_view version;

  [[nodiscard]] std::string fill(std::string text) const;
  /// Every text in it.
  [[nodiscard]] json::Value fill(const json::Value& value) const;
};

}  // namespace atlink::plugins::sandbox
