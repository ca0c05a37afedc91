// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/call.h"
#include "plugins/host/native.h"

#include <optional>
#include <string>

/// The native modules of plugins, as commands need them.
namespace atlink::cli {

/// With the record of this user and what --plugin-sha256 accepts. Fails with `usage` for what is no
/// hash.
[[nodiscard]] Result<plugins::NativeModules> open_natives(const Call& call);

/// A hash as a person gives it, with lower-case digits. Fails with `usage`, naming the option.
[[nodiscard]] Result<std::string> hash_from(std::string_view option, std::string_view text);

/// What a listing says of the module in a place; nothing is loaded.
struct NativeState {
  /// "", "trusted", "accepted", "not trusted", "changed" or "refused".
  std::string word;
  bool trusted = false;
  /// What should be said beside it; empty where there is nothing.
  std::string note;
};

[[nodiscard]] NativeState native_state(plugins::NativeModules& natives,
                                       const std::optional<plugins::ModuleFile>& file);

/// Conversions as documents show them.
[[nodiscard]] json::Array to_json(const std::vector<plugins::NativeConversion>& conversions);

}  // namespace atlink::cli
