// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace atlink::posix {

/// The folder that `path` stands in: "/" for "/x", "." for "x".
[[nodiscard]] std::string folder_of(const std::string& path);

/// Where the next content of `path` is written before it takes its place: always the same name, in
/// the same folder, and hidden.
[[nodiscard]] std::string temporary_for(const std::string& path);

}  // namespace atlink::posix
