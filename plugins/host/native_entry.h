// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/plugin/plugin.h"
#include "plugins/host/native.h"
#include "plugins/host/native_problem.h"

#include <tl/expected.hpp>

#include <string_view>

namespace atlink::plugins {

/// Whether a host of this version takes a module of that one: see ATLINK_PLUGIN_ABI_MAJOR.
[[nodiscard]] bool takes_abi(std::uint32_t major, std::uint32_t minor);

/// What a loaded module offers, or the first rule that its entry and tables break. Calls the
/// module, and reads no further than its rules allow; what it points to is taken at its word.
[[nodiscard]] tl::expected<NativeOffer, NativeProblem> judge_entry(
    const atlink_plugin_entry_t& entry, std::string_view id);

/// Whether a name of a format is one: see atlink_conversion_1.
[[nodiscard]] bool is_format_name(std::string_view name);

}  // namespace atlink::plugins
