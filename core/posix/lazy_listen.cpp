// SPDX-License-Identifier: Apache-2.0
#include "atlink/http_server.h"
#include "atlink/platform.h"
#include "core/listen/table.h"
#include "core/posix/module.h"

namespace atlink {

HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> make_http_server(std::uint16_t port,
                                                     const HttpServerLimits& limits) {
  ATLINK_ASSIGN(const auto* table, posix::open_module<listen::ListenTable>());
  return table->make_http_server(port, limits, interruption_descriptor());
}

}  // namespace atlink
