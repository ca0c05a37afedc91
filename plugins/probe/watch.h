// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::plugins {

/// The place that the probe writes its lines to, out of the reach of what only prints: from now on
/// the standard streams of the process are a file in memory that is looked into afterwards.
class Verdict {
 public:
  /// Takes standard output for itself. False where the system has none left.
  [[nodiscard]] bool open();

  /// Writes a line at once.
  void write(std::string_view line) const;

  /// How many bytes stand in what has become of the standard streams.
  [[nodiscard]] static std::size_t printed();

 private:
  int descriptor_ = -1;
};

/// What a module must not add to while it is loaded.
struct Belongings {
  std::size_t descriptors = 0;
  std::size_t threads = 0;
};

[[nodiscard]] Belongings belongings();

/// Keeps this process small and short, also where nobody watches it any more: processor time,
/// memory, size of files, no core dump, and an end with its parent.
void confine_self();

}  // namespace atlink::plugins
