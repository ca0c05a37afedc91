// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/text.h"

#include <optional>
#include <string>

/// What is not known, as JSON: null.
namespace atlink::cli {

/// The text; null where it is empty.
[[nodiscard]] inline json::Value or_null(const std::string& text) {
  return text.empty() ? json::Value() : json::Value(text);
}

/// The time as RFC 3339; null where there is none.
[[nodiscard]] inline json::Value or_null(const std::optional<TimePoint>& time) {
  return time ? json::Value(to_rfc3339(*time)) : json::Value();
}

}  // namespace atlink::cli
