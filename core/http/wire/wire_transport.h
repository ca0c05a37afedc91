// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "core/http/wire/curl.h"
#include "core/http/wire/lane.h"

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

namespace atlink::wire {

/// What all lanes have in common: TLS sessions to resume and names that were looked up.
class Share {
 public:
  /// Throws std::bad_alloc.
  Share();
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  ~Share();

  [[nodiscard]] CURLSH* get() { return share_; }

 private:
  static void lock(CURL*, curl_lock_data what, curl_lock_access, void* self);
  static void unlock(CURL*, curl_lock_data what, void* self);

  CURLSH* share_;
  std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes_;
};

/// Transport on libcurl: each exchange takes a lane to its origin out of the pool, or makes one,
/// and puts it back if it is still good.
class WireTransport final : public Transport {
 public:
  WireTransport() = default;
  Status send(const Exchange& exchange) override;
  [[nodiscard]] Result<PresentedChain> look(const Url& url,
                                            const ConnectionOptions& connection,
                                            std::chrono::milliseconds deadline) override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Idle {
    std::unique_ptr<Lane> lane;
    Clock::time_point since;
  };

  [[nodiscard]] std::unique_ptr<Lane> take(const Url& url, const Way& way);
  void give(std::unique_ptr<Lane> lane);
  [[nodiscard]] Status send_on_lane(const Exchange& exchange);

  Share share_;
  std::mutex pool_;
  /// The most recently used at the end.
  std::vector<Idle> idle_;
};

}  // namespace atlink::wire
