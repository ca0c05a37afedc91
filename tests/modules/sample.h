// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "core/posix/module.h"

#include <string_view>

namespace atlink::tests {

/// The table of the modules that the tests of the module mechanism load.
struct SampleTable {
  static constexpr std::string_view module = "sample";
  posix::ModuleHead head;
  /// 42.
  int (*answer)();
};

}  // namespace atlink::tests
