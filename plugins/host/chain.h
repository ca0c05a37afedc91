// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/registry.h"

#include <string_view>
#include <vector>

namespace atlink::plugins {

/// The description with that id and those that it extends, nearest first; its notes are those of
/// all. Fails with `product_missing`, `plugin_invalid` or `plugin_untrusted`.
[[nodiscard]] Result<std::vector<PluginFile>> load_chain(FileSystem& files,
                                                         const std::vector<SearchFolder>& folders,
                                                         std::string_view id,
                                                         Parts parts = Parts::all);

/// The same for a description that was read already, and is well-formed.
[[nodiscard]] Result<std::vector<PluginFile>> load_chain_of(
    FileSystem& files,
    const std::vector<SearchFolder>& folders,
    PluginFile first,
    Parts parts = Parts::all);

/// Puts a chain together, of which those parts were read.
[[nodiscard]] Description merge_chain(const std::vector<PluginFile>& chain,
                                      Parts parts = Parts::all);

}  // namespace atlink::plugins
