// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"
#include "core/posix/module.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace atlink::listen {

/// What the module `listen` offers to the core.
struct ListenTable {
  static constexpr std::string_view module = "listen";
  posix::ModuleHead head;
  /// See `make_http_server`. `interruption` is a descriptor that ends `run` with `cancelled` when
  /// it becomes readable; -1 for none. Fails with `listen_failed`.
  Result<std::unique_ptr<HttpServer>> (*make_http_server)(std::uint16_t port,
                                                          const HttpServerLimits& limits,
                                                          int interruption);
};

}  // namespace atlink::listen
