// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink::cli {

/// A command line, understood. Plain data: knows nothing of how it was parsed.
class Arguments {
 public:
  /// What is to be run; null where only help or the version was asked for, or nothing at all.
  const Command* command = nullptr;
  /// The words that name the command or group that help was asked for.
  std::string topic;
  bool help = false;
  bool version = false;

  void add(std::string_view name, std::string value);

  /// Whether the option or positional was given.
  [[nodiscard]] bool has(std::string_view name) const;

  /// The value of an option ("--data") or positional ("PATH"), or none. The last one wins.
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;

  /// The same, or an empty text.
  [[nodiscard]] std::string text(std::string_view name) const;

  /// Every value, in the order of the command line.
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;

  /// A value that is a whole number between `low` and `high`, or `otherwise` where it was not
  /// given. Fails with `usage`.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view name,
                                             std::int64_t low,
                                             std::int64_t high,
                                             std::int64_t otherwise) const;

 private:
  std::vector<std::pair<std::string, std::string>> given_;
};

/// "k=v" taken apart at the first "=". Fails with `usage`, naming the option.
[[nodiscard]] Result<std::pair<std::string, std::string>> split_pair(std::string_view option,
                                                                     std::string_view text);

}  // namespace atlink::cli
