// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/visit.h"

#include <cstdint>
#include <string>

namespace atlink::plugins::sandbox {

/// A time as HTTP writes it (RFC 9110 section 5.6.7). `seconds` since 1970.
[[nodiscard]] std::string http_date(std::int64_t seconds);

/// Says in the product's headers how many requests are left. It counts, and refuses nothing by
/// itself: a limit is a fault that somebody asks for.
class Limits {
 public:
  explicit Limits(const RateLimitRules& rules) : rules_(rules) {}

  /// Adds the headers; `limited` is the answer that says that there are none left.
  void add(const Visit& visit, bool limited, ServerResponse& response);

 private:
  [[nodiscard]] std::string reset_at(std::int64_t end, std::int64_t now) const;

  const RateLimitRules& rules_;
  std::int64_t window_ends_ = 0;
  std::int64_t used_ = 0;
};

}  // namespace atlink::plugins::sandbox
