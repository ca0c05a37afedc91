// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// The path of an operation, with {names} in place of whole or part segments.
class PathPattern {
 public:
  explicit PathPattern(std::string_view path);

  /// The values of the names in the decoded segments of a path, in order; none where it is another
  /// path.
  [[nodiscard]] std::optional<std::vector<std::string>> match(
      const std::vector<std::string>& segments) const;

  /// How many segments at the front both patterns have in common.
  [[nodiscard]] std::size_t common(const PathPattern& other) const;

 private:
  /// The texts of a segment before, between and behind its names: one more than it has names.
  using Segment = std::vector<std::string>;

  std::vector<Segment> segments_;
};

}  // namespace atlink::plugins::sandbox
