// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::json {

/// The segments of a JSON pointer, unescaped (RFC 6901 section 4); none if it is malformed.
[[nodiscard]] std::optional<std::vector<std::string>> split_pointer(std::string_view pointer);

}  // namespace atlink::json
