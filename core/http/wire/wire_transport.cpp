// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/wire_transport.h"

#include "core/http/wire/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace atlink::wire {

namespace {

/// Kept connections at most, over all origins.
constexpr std::size_t most_idle = 64;
/// Servers end idle connections after some time (75 s is common): do not keep them for longer.
constexpr std::chrono::seconds longest_idle{75};

/// There is no answer to a handshake.
class NoAnswer final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead&) override { return {}; }

  [[nodiscard]] Status write(std::string_view) override { return {}; }
};

/// Two handshakes: the first one takes what comes, the second one judges as `send` would. Nothing
/// is shared with other lanes, so that no session of the first one is ever resumed.
Result<PresentedChain> look_twice(const Exchange& exchange) {
  const Url& url = exchange.request.url;
  const Way way = way_of(url, exchange.connection);
  PresentedChain chain;
  ATLINK_ASSIGN(chain.pem, Lane(url, way, nullptr).presented(exchange));
  Status trusted = Lane(url, way, nullptr).shake_hands(exchange);
  if (trusted) {
    return chain;
  }
  if (trusted.error().code != ErrorCode::network_certificate) {
    return fail(std::move(trusted).error());
  }
  chain.distrust = std::move(trusted).error();
  return chain;
}

}  // namespace

std::unique_ptr<Lane> WireTransport::take(const Url& url, const Way& way) {
  for (;;) {
    std::unique_ptr<Lane> lane;
    {
      const std::lock_guard lock(pool_);
      const auto found = std::find_if(
          idle_.rbegin(), idle_.rend(), [&](const Idle& idle) { return idle.lane->serves(way); });
      if (found == idle_.rend()) {
        break;
      }
      lane = std::move(found->lane);
      idle_.erase(std::next(found).base());
    }
    if (lane->quiet()) {
      return lane;
    }
  }
  return std::make_unique<Lane>(url, way, share_.get());
}

void WireTransport::give(std::unique_ptr<Lane> lane) {
  if (!lane->connected()) {
    return;
  }
  const Clock::time_point now = Clock::now();
  // Closed after the lock is released.
  std::vector<Idle> old;
  const std::lock_guard lock(pool_);
  idle_.push_back({std::move(lane), now});
  const auto fresh = std::find_if(idle_.begin(), idle_.end(), [now](const Idle& idle) {
    return now - idle.since <= longest_idle;
  });
  const auto excess = idle_.begin() + static_cast<std::ptrdiff_t>(
                                          idle_.size() > most_idle ? idle_.size() - most_idle : 0);
  const auto end = std::max(fresh, excess);
  old.assign(std::make_move_iterator(idle_.begin()), std::make_move_iterator(end));
  idle_.erase(idle_.begin(), end);
}

Status WireTransport::send_on_lane(const Exchange& exchange) {
  const Url& url = exchange.request.url;
  std::unique_ptr<Lane> lane = take(url, way_of(url, exchange.connection));
  ATLINK_CHECK(lane->send(exchange));
  give(std::move(lane));
  return {};
}

Status WireTransport::send(const Exchange& exchange) {
  ATLINK_CHECK(check_request(exchange.request));
  try {
    return send_on_lane(exchange);
  } catch (const std::exception& exception) {
    return fail(ErrorCode::internal, exception.what());
  }
}

Result<PresentedChain> WireTransport::look(const Url& url,
                                           const ConnectionOptions& connection,
                                           std::chrono::milliseconds deadline) {
  if (!url.is_https()) {
    return fail(ErrorCode::network_tls,
                fmt::format("{} is plain http: there is no certificate to look at", url.origin()),
                "use the https URL of the site, if it has one");
  }
  const HttpRequest request{"GET", url, {}, nullptr};
  NoAnswer nobody;
  try {
    return look_twice(Exchange{request, nobody, connection, deadline, {}});
  } catch (const std::exception& exception) {
    return fail(ErrorCode::internal, exception.what());
  }
}

}  // namespace atlink::wire
