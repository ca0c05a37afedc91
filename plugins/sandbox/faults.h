// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// Something that goes wrong on purpose.
struct Fault {
  enum class Kind {
    clock_skew,
    problem,
    login_page,
    captcha,
    anonymous,
    authentication_failed,
    xsrf,
    rate_limit,
    status,
    delay,
    slow,
    cut,
    wrong_length,
    repeat_page,
  };
  Kind kind = Kind::status;
  /// As it was given; empty for the usual one.
  std::string value;
  /// The same where it is a number.
  std::int64_t number = 0;
  /// Requests that it will still meet; none for all.
  std::optional<std::int64_t> count;
  /// Meets requests whose path, below the base URL or on the site, begins so.
  std::string path;
};

/// "problem", "rate-limit", and so on.
[[nodiscard]] std::string_view name_of(Fault::Kind kind);

/// Reads NAME[=VALUE][,count=N][,path=/PREFIX]. Fails with `usage` and the list of faults.
[[nodiscard]] Result<Fault> parse_fault(std::string_view text);

/// Reads the same as {"name", "value", "count", "path"}. Fails with `usage`.
[[nodiscard]] Result<Fault> read_fault(const json::Value& value);

/// The faults that are switched on. At most a hundred.
class Faults {
 public:
  /// Fails with `usage` beyond the bound.
  [[nodiscard]] Status add(Fault fault);

  void clear() { faults_.clear(); }

  /// Those that meet a request for `path`, which is one less to go for those with a count.
  [[nodiscard]] std::vector<Fault> meet(std::string_view below_base, std::string_view path);

  /// {"faults": […]}.
  [[nodiscard]] json::Value list() const;

 private:
  std::vector<Fault> faults_;
};

}  // namespace atlink::plugins::sandbox
