// SPDX-License-Identifier: Apache-2.0
#include "core/posix/lazy_transport.h"

#include "core/http/wire/table.h"

namespace atlink::posix {

Result<Transport*> LazyTransport::loaded() {
  if (Transport* ready = ready_.load(std::memory_order_acquire)) {
    return ready;
  }
  const std::lock_guard lock(loading_);
  if (!owned_) {
    ATLINK_ASSIGN(const auto* table, open_module<wire::WireTable>());
    ATLINK_ASSIGN(owned_, table->make_transport());
    ready_.store(owned_.get(), std::memory_order_release);
  }
  return owned_.get();
}

Status LazyTransport::send(const Exchange& exchange) {
  ATLINK_ASSIGN(Transport * transport, loaded());
  return transport->send(exchange);
}

Result<PresentedChain> LazyTransport::look(const Url& url,
                                           const ConnectionOptions& connection,
                                           std::chrono::milliseconds deadline) {
  ATLINK_ASSIGN(Transport * transport, loaded());
  return transport->look(url, connection, deadline);
}

}  // namespace atlink::posix
