// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/oauth1.h"
#include "atlink/platform.h"
#include "atlink/text.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace atlink::cli::doctor {

/// One request that was sent, and what is worth keeping of the answer. Holds no secret: of bodies
/// only their size is kept, of URLs only what stands before the query.
struct Seen {
  std::string method;
  std::string url;
  /// Whether it was signed.
  bool proven = false;
  /// 0 where no answer came.
  int status = 0;
  std::optional<Error> error;
  bool html = false;
  std::size_t body_size = 0;
  /// Of a redirect; as the server wrote it.
  std::string location;
  /// The server's clock minus ours in seconds, by the Date header and as a refusal says it.
  std::optional<std::int64_t> date_skew;
  std::optional<std::int64_t> told_skew;
  std::optional<oauth1::Problem> problem;
  /// Our signature base string of the request, where the server showed its own.
  std::string base_string;
};

/// How much an examination may ask.
struct Budget {
  std::size_t requests = 15;
  /// For one request.
  std::chrono::milliseconds deadline{20000};
  /// No request begins later than this after the first.
  std::chrono::milliseconds total{120000};
};

/// Passes requests on, keeps what is worth knowing, and refuses those that are too many.
class Watch final : public Transport {
 public:
  Watch(Transport& inner, Clock& clock, const Budget& budget = {});

  Status send(const Exchange& exchange) override;

  /// No request, so that it does not count as one.
  [[nodiscard]] Result<PresentedChain> look(const Url& url,
                                            const ConnectionOptions& connection,
                                            std::chrono::milliseconds deadline) override {
    return inner_.look(url, connection, deadline);
  }

  [[nodiscard]] const std::vector<Seen>& seen() const { return seen_; }

  /// Requests that may still be sent.
  [[nodiscard]] std::size_t left() const { return budget_.requests - seen_.size(); }

 private:
  [[nodiscard]] Status check_budget() const;

  Transport& inner_;
  Clock& clock_;
  Budget budget_;
  std::chrono::steady_clock::time_point started_;
  std::vector<Seen> seen_;
};

}  // namespace atlink::cli::doctor
