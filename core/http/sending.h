// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/platform.h"
#include "core/auth/authoriser.h"
#include "core/http/classify.h"
#include "core/http/gate.h"
#include "core/http/prepare.h"
#include "core/http/redirect.h"
#include "core/http/sent_secrets.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace atlink::http {

/// Seconds to add to our clock to get a server's; shared by everything that talks to it.
using ClockCorrection = std::atomic<std::int64_t>;

/// What a request is sent with. References must outlive the sending.
struct SendingParts {
  Platform platform;
  const Connection& connection;
  const auth::Authoriser& authoriser;
  ClockCorrection& correction;
};

struct SendingRules {
  RetryPolicy retry;
  ClientLimits limits;
  /// The answer is small, so that `limits.deadline` holds for a whole attempt.
  bool small_answer = false;
  /// For token endpoints: redirects stay on the origin and keep the method.
  bool token_call = false;
};

/// Carries out one prepared request: attempts, redirects, repeats, one clock correction.
class Sending {
 public:
  Sending(const SendingParts& parts, const SendingRules& rules, Prepared request);

  /// Used once. See Client::send.
  [[nodiscard]] Result<Classified> carry_out(ResponseHandler& handler);

  /// The error without what was sent to prove who asks; for what is made of an answer elsewhere.
  [[nodiscard]] Error without_sent(Error error) const;

 private:
  /// What comes after an attempt that was not the last.
  struct Next {
    std::chrono::milliseconds pause{0};
    std::optional<Redirect> redirect;
    /// What has to be renewed first.
    std::shared_ptr<const Credential> renew;
    /// Instead of another attempt.
    std::optional<Error> failure;
  };

  [[nodiscard]] Result<Classified> send_until_final(ResponseHandler& handler);
  [[nodiscard]] Result<std::optional<Classified>> attempt(ResponseHandler& handler);
  [[nodiscard]] Result<auth::Outgoing> make_outgoing();
  /// That a secret for this machine itself does not travel in plain to a proxy elsewhere.
  [[nodiscard]] Status check_private_way(const Url& url) const;
  [[nodiscard]] Status exchange(const auth::Outgoing& outgoing, Gate& gate);
  /// Only where something may be said of the answer: it costs as much as signing's text work.
  void remember(const auth::Outgoing& outgoing);
  [[nodiscard]] Status take_next();
  void go_to(Redirect redirect);

  [[nodiscard]] std::optional<Next> decide(const HttpResponseHead& head, const Verdict& verdict);
  [[nodiscard]] std::optional<Next> decide_redirect(const HttpResponseHead& head,
                                                    const Verdict& verdict);
  [[nodiscard]] bool may_renew(const HttpResponseHead& head, const Verdict& verdict) const;
  [[nodiscard]] Question question() const;
  [[nodiscard]] std::optional<Next> decide_repeat(const HttpResponseHead& head,
                                                  const Verdict& verdict);
  [[nodiscard]] std::optional<Next> decide_after_failure(const Error& error);
  [[nodiscard]] std::optional<Next> pause_for(std::optional<std::chrono::milliseconds> asked);
  [[nodiscard]] Status check_redirect(const Redirect& redirect) const;
  [[nodiscard]] bool learn_clock(const HttpResponseHead& head, const oauth1::Problem& problem);
  [[nodiscard]] Error explain(Error error) const;

  [[nodiscard]] std::int64_t our_seconds();

  [[nodiscard]] bool has_body() const { return request_.form || request_.body != nullptr; }

  SendingParts parts_;
  SendingRules rules_;
  Prepared request_;
  /// Whether the credential goes along: until a redirect leaves its origin.
  bool proven_;
  std::chrono::steady_clock::time_point started_;
  int attempts_ = 0;
  int repeats_ = 0;
  int redirects_ = 0;
  bool clock_corrected_ = false;
  bool nonce_replaced_ = false;
  bool renewed_ = false;
  /// What the latest attempt was authorised with.
  std::shared_ptr<const Credential> credential_;
  std::int64_t timestamp_ = 0;
  SentSecrets sent_;
  std::set<std::string> visited_;
  std::optional<Next> next_;
  /// Why something was not tried again that otherwise would have been; may be empty.
  std::string not_repeated_;
};

}  // namespace atlink::http
