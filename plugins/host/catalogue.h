// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/registry.h"

#include <vector>

namespace atlink::plugins {

/// The product that `description`, which `chain` made, says for one of its deployments, with the
/// operations and recipes of the files catalogue/NAME.json that it names. Each file is the nearest
/// of the chain. Fails with `plugin_invalid` or `plugin_untrusted`, naming the file at fault.
[[nodiscard]] Result<Product> read_with_catalogues(FileSystem& files,
                                                   const std::vector<PluginFile>& chain,
                                                   const Description& description,
                                                   Deployment deployment);

}  // namespace atlink::plugins
