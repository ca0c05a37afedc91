// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/wire/curl.h"

#include <string>

namespace atlink::wire {

/// Where the system keeps the certificates it trusts; at most one is set.
struct SystemStore {
  /// A folder of certificates named by hash, of which only the needed ones are read.
  std::string folder;
  /// One file with all of them: reading it takes some 20 ms.
  std::string bundle;
};

/// Looked up once in the process. The folder is preferred where it holds links of the form
/// `xxxxxxxx.N`. Both are empty where the system has neither.
[[nodiscard]] const SystemStore& system_store();

/// Has a transfer verify the server's certificate and name, by the certificates of `ca_pem` or, if
/// that is empty, by the system's. Throws std::runtime_error.
void apply_trust(CURL* easy, std::string& ca_pem);

}  // namespace atlink::wire
