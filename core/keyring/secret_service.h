// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/stores.h"

#include <memory>

namespace atlink::keyring {

/// The Secret Service of the session bus, through libsecret.
[[nodiscard]] Result<std::unique_ptr<Keyring>> make_secret_service(bool may_prompt,
                                                                   int interruption);

}  // namespace atlink::keyring
