// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/stores.h"
#include "core/posix/module.h"

#include <memory>
#include <string_view>

namespace atlink::keyring {

/// What the module `keyring` offers to the core.
struct KeyringTable {
  static constexpr std::string_view module = "keyring";
  posix::ModuleHead head;
  /// See `make_keyring`. `interruption` is a descriptor that ends every wait with `cancelled` when
  /// it becomes readable; -1 for none. Connects to nothing yet.
  Result<std::unique_ptr<Keyring>> (*make_keyring)(bool may_prompt, int interruption);
};

}  // namespace atlink::keyring
