// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::json {

/// A string, number or boolean of a server's answer.
struct Scalar {
  enum class Kind { text, number, boolean };
  Kind kind = Kind::text;
  /// A string decoded; a number as its digits stand; "true" or "false".
  std::string text;
};

/// What stands at the patterns asked for.
struct Slices {
  /// One entry a list pattern: the elements of what stands there, byte for byte as they came; none
  /// where there is no list.
  std::vector<std::optional<std::vector<std::string_view>>> lists;
  /// One entry a scalar pattern; none where nothing stands, null or another kind.
  std::vector<std::optional<Scalar>> scalars;
};

/// The two kinds of patterns: JSON pointers in which one segment may be "*".
struct SlicePatterns {
  std::vector<std::string> lists;
  std::vector<std::string> scalars;
};

/// Reads a server's answer once, without building a document: big integers pass and bytes stay.
/// A list pattern gives the elements of the array that it leads to; one with "*" the elements of
/// every array and everything else but null that it leads to, and an empty list where it leads
/// nowhere. Fails with `json_invalid` for what is not one well-formed document, nests over 512
/// levels or was cut short, and for more than 64 patterns.
[[nodiscard]] Result<Slices> slice(std::string_view answer, const SlicePatterns& patterns);

}  // namespace atlink::json
