// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/result.h"

#include <string>
#include <string_view>

/// The files of a plugin that are JSON: how one is taken in, and what is said where it cannot be.
namespace atlink::plugins {

/// The content of a regular file of at most 1 MiB. Fails with `plugin_invalid`, rule "file" or
/// "too-large", and with what the file system says.
[[nodiscard]] Result<std::string> load_text(FileSystem& files, const std::string& path);

/// Fails with `plugin_invalid`, rule "json".
[[nodiscard]] Result<json::Value> parse_text(std::string_view text, const std::string& path);

/// An error of the file system as `plugin_invalid`, rule "file", about `path`; what is about a
/// plugin already stays as it is. `missing` and `next` are said where there is no such file.
[[nodiscard]] Error as_problem(Error error,
                               const std::string& path,
                               std::string_view missing,
                               std::string next);

}  // namespace atlink::plugins
