// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace atlink::posix {

/// A Transport that loads the module `wire` with the first call. Where that fails, the call fails
/// with `module_missing` and the next one tries again.
class LazyTransport final : public Transport {
 public:
  LazyTransport() = default;
  Status send(const Exchange& exchange) override;
  [[nodiscard]] Result<PresentedChain> look(const Url& url,
                                            const ConnectionOptions& connection,
                                            std::chrono::milliseconds deadline) override;

 private:
  Result<Transport*> loaded();

  std::mutex loading_;
  std::unique_ptr<Transport> owned_;
  /// `owned_` once it is there, for readers without the lock.
  std::atomic<Transport*> ready_{nullptr};
};

}  // namespace atlink::posix
