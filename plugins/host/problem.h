// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"
#include "plugins/host/rule_list.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins {

/// One rule that a description breaks, and where.
struct Problem {
  /// JSON pointer into product.json; "" for the document.
  std::string pointer;
  RuleName rule;
  /// What is wrong, in lower case and without a full stop.
  std::string message;
  /// What to do about it; may be empty.
  std::string next;
};

/// The first of `problems` (never empty) as `plugin_invalid` error about `file`, saying how many
/// more there are. Facts: file, rule, pointer, and line where `text`, the file's content, has it.
[[nodiscard]] Error to_error(const std::vector<Problem>& problems,
                             const std::string& file,
                             std::string_view text);

/// Line, from 1, of the value at a JSON pointer in `text`, which is well-formed JSON; 0 where there
/// is no such value.
[[nodiscard]] std::size_t line_of(std::string_view text, std::string_view pointer);

/// `name` as a segment of a JSON pointer (RFC 6901 section 3).
[[nodiscard]] std::string pointer_segment(std::string_view name);

/// The one of `names` that `name` was probably meant to be; empty where none is near.
[[nodiscard]] std::string_view nearest(std::string_view name,
                                       const std::vector<std::string_view>& names);

}  // namespace atlink::plugins
