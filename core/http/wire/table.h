// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"
#include "core/posix/module.h"

#include <memory>
#include <string_view>

namespace atlink::wire {

/// What the module `wire` offers, exported as `atlink_module_wire`.
struct WireTable {
  static constexpr std::string_view module = "wire";
  posix::ModuleHead head;
  /// A transport with an empty pool. Fails with `internal` where libcurl cannot be set up.
  Result<std::unique_ptr<Transport>> (*make_transport)();
};

}  // namespace atlink::wire
