// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"

#include <optional>
#include <string>
#include <string_view>

namespace atlink::oauth1 {

/// The first thing in which two signature base strings (RFC 5849 section 3.4.1) differ.
struct BaseStringDifference {
  /// In the order in which they are compared.
  enum class Part {
    whole,  ///< one of the two cannot be read as a base string
    method,
    scheme,
    host,
    port,
    path,
    parameter,
  };
  Part part = Part::whole;
  /// Of a parameter, decoded; else empty.
  std::string name;
  /// What stands there on each side, decoded, without control characters, and without the values of
  /// parameters that may hold secrets; none where that side does not have the parameter. A port
  /// that is not written is the scheme's own, and empty here.
  std::optional<std::string> ours;
  std::optional<std::string> theirs;
};

/// "method", "scheme", "host", …
[[nodiscard]] ATLINK_API std::string_view to_string(BaseStringDifference::Part part);

/// Compares the base string that a client made (`Authorized::base_string`) with the one that a
/// server says it made (`Problem::base_string`). None where they are the same: then it is the keys
/// that do not belong together.
[[nodiscard]] ATLINK_API std::optional<BaseStringDifference> first_difference(
    std::string_view ours, std::string_view theirs);

}  // namespace atlink::oauth1
