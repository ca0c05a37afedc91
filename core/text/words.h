// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atlink {

/// Words between spaces, as scopes are written (RFC 6749 section 3.3).
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

}  // namespace atlink
