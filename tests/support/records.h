// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"

#include <string>

namespace atlink::tests {

/// A credential with every field set; `token` tells it apart.
[[nodiscard]] Credential some_credential(const std::string& token);

/// A pending sign-in with every field set.
[[nodiscard]] PendingLogin some_pending(const std::string& token);

[[nodiscard]] CredentialStore::ConsumerSecret some_consumer(const std::string& secret);

}  // namespace atlink::tests
