// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/proxy.h"
#include "tests/wire/bodies.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace atlink::tests {

/// An exchange as a test describes it, in one JSON object.
struct Plan {
  std::string method;
  std::string url;
  Headers headers;
  std::optional<BodyPlan> body;
  std::string ca_pem;
  /// Null for none; of the scheme of the URL and of the other.
  std::shared_ptr<const ProxyRules> proxies;
  std::chrono::milliseconds deadline{0};
  std::chrono::milliseconds idle_deadline{0};
  std::size_t keep = 0;
  std::string refuse;
  /// How often in all, and by how many threads at a time.
  int times = 1;
  int threads = 1;
};

/// Reads a plan; what it does not know it ignores.
[[nodiscard]] Plan read_plan(const json::Value& text);

/// Carries the plan out once and says what came of it.
[[nodiscard]] json::Value carry_out(const Plan& plan, Transport& transport);

}  // namespace atlink::tests
