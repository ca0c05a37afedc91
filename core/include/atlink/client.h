// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "atlink/export.h"
#include "atlink/http_message.h"
#include "atlink/oauth1.h"
#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink {

/// A program as an OAuth 2.0 server knows it (RFC 6749 section 2).
struct ClientRegistration {
  std::string id;
  Secret secret{};
  /// As registered; empty: a loopback address of our choice.
  std::string redirect_uri{};
  /// To ask for; empty: what the description says.
  std::vector<std::string> scopes{};
};

/// Everything that says where to send and how to sign: resolved from a profile and its product, or
/// filled in by an embedding program, for which base and consumer are enough.
struct Connection {
  Product product{};
  BaseUrl base;
  oauth1::Consumer consumer{};
  oauth1::SignatureMethod method = oauth1::SignatureMethod::rsa_sha1;
  oauth1::Transmission transmission = oauth1::Transmission::header;
  ConnectionOptions options{};
  /// Where requests go in place of the base URL, if anywhere.
  std::optional<BaseUrl> gateway{};
  ClientRegistration registration{};
  /// Whom requests of OAuth 1.0a without a user act for (the description's `impersonation`).
  std::string act_as{};

  /// What the paths of requests are relative to.
  [[nodiscard]] const BaseUrl& requests_base() const { return gateway ? *gateway : base; }
};

/// How often and how long. One budget for everything that repeats a request.
struct RetryPolicy {
  int attempts = 3;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{30000};
  std::chrono::milliseconds total{120000};
};

/// A request as a command means it.
struct ApiRequest {
  std::string method;
  /// Relative to the base URL or a full URL of the same origin; encoded.
  std::string path{};
  /// Raw names and values that are encoded and added to the query.
  FormFields query{};
  Headers headers{};
  /// Raw form fields; then `body` is null.
  std::optional<FormFields> form{};
  /// Not owned. One that a header calls application/x-www-form-urlencoded takes part in the
  /// signature and so is read into memory first (1 MiB at most).
  BodySource* body = nullptr;
  /// Whether repeating it does no harm, if the method does not say so already (GET, HEAD, PUT,
  /// DELETE, OPTIONS do).
  bool safe_to_repeat = false;
  /// Follow redirects within the rules; off gives the 3xx as the answer.
  bool follow_redirects = true;
};

/// How long and how far a request goes.
struct ClientLimits {
  /// For an attempt whose bodies are small (identity, sign-in), and for answers that are held back
  /// or dropped.
  std::chrono::milliseconds deadline{60000};
  /// For what `send` streams: the longest time without a byte in either direction. Zero has
  /// `deadline` count for the whole attempt.
  std::chrono::milliseconds idle{60000};
  int redirects = 10;
};

/// What is known of an answer before anybody parses it.
struct Classified {
  HttpResponseHead head;
  /// None for a usable answer (2xx, or 3xx not followed); else what it means, with the server's
  /// own words (first 64 KiB of the body were looked at).
  std::optional<Error> error;
};

/// A usable answer, whole.
struct Answer {
  HttpResponseHead head;
  std::string body;
};

/// Sends authorised requests for one connection and credential. Thread-safe as far as its Platform
/// is; the learnt clock correction is shared.
class ATLINK_API Client {
 public:
  /// The platform's parts must outlive the client. `token` null sends unsigned requests. The token
  /// is moved in.
  Client(Platform platform, Connection connection, std::optional<oauth1::Token> token);
  /// The method of the source's credential says how requests are authorised.
  Client(Platform platform, Connection connection, std::shared_ptr<CredentialSource> source);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  RetryPolicy retry;
  ClientLimits limits;

  /// Carries out one request: per attempt a fresh nonce, timestamp and signature over the exact URL
  /// and body; redirects by the rules; one clock correction after `timestamp_refused`; repeats what
  /// is safe; one renewal of a credential that the server refuses. The final answer's head and body
  /// go to `handler`, whatever its status, but for one case: of a login page that came in place of
  /// data (with a status below 400) the head only. Fails when there is no final answer:
  /// `network_*`, `answer_truncated`, `answer_redirect`, `url_*`, `header_invalid` (also for
  /// Authorization, Host, Content-Length, Transfer-Encoding), or with the handler's own error.
  /// Facts of errors: `method`, `url` (without secrets), `status`, `attempts` if more than one,
  /// `not_repeated` (why not), and of limits `retry_after`, `limit`, `remaining`, `reset`,
  /// `reason`.
  [[nodiscard]] Result<Classified> send(const ApiRequest& request, ResponseHandler& handler);

  /// `send` for an answer that fits into memory (else `answer_too_large`, over `limit` bytes).
  /// Fails also with what the answer was taken for, a login page or a status of 400 and more, so
  /// that a value is the data that was asked for.
  [[nodiscard]] Result<Answer> fetch(const ApiRequest& request,
                                     std::size_t limit = std::size_t{16} << 20);

  /// The exact URL that `send` would use first. For `sign` and for showing.
  [[nodiscard]] Result<Url> url_of(const ApiRequest& request) const;

  /// Who is signed in, by the product's identity rule. Fails with `product_unsupported`,
  /// `credential_anonymous` and whatever `send` and the classification say.
  [[nodiscard]] Result<std::string> who_am_i();

  /// Seconds to add to our clock to get the server's; 0 until learnt.
  [[nodiscard]] std::int64_t clock_correction() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The sign-in of OAuth 1.0a, in two halves that may run in different processes. Keeps a reference
/// to the connection.
class ATLINK_API Dance {
 public:
  Dance(Platform platform, const Connection& connection, IssuedFor issued_for);

  /// Asks for temporary credentials with `callback` (a URL, or "oob"). Fails with the problem the
  /// server reports, `oauth1_insecure`, `product_unsupported`, `network_*`, `answer_*`.
  [[nodiscard]] Result<PendingLogin> begin(std::string_view callback);

  /// Where the person has to go.
  [[nodiscard]] Result<Url> authorize_url(const PendingLogin& pending) const;

  /// Exchanges the verifier. A verifier that means "denied" fails with `login_denied` and sends
  /// nothing; an expired `pending` with `login_expired`; one begun for another place with
  /// `credential_elsewhere`.
  [[nodiscard]] Result<Credential> finish(const PendingLogin& pending, std::string_view verifier);

  /// Exchanges an old credential and its session handle for a new one, which keeps user and version
  /// of the old. Fails like `finish`, and with `credential_not_renewable` where there is no session
  /// any more.
  [[nodiscard]] Result<Credential> renew(const Credential& old);

 private:
  Platform platform_;
  const Connection& connection_;
  IssuedFor issued_for_;
};

}  // namespace atlink
