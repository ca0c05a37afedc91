// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/oauth1.h"
#include "core/posix/small_parts.h"
#include "plugins/sandbox/sandbox.h"
#include "tests/support/fake_world.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace atlink::tests {

/// A made-up product, "Acme", with OAuth 1.0a at paths of its own.
[[nodiscard]] Product sandbox_product();

/// One RSA key for all tests of a run, since making one takes time.
[[nodiscard]] const RsaPrivateKey& test_key();

/// A second one.
[[nodiscard]] const RsaPrivateKey& other_key();

/// Options with the product above and a consumer "robot" that signs with `test_key`.
[[nodiscard]] plugins::SandboxOptions acme_options();

/// A clock for two threads: it stands still until told.
class SteppingClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() override {
    return std::chrono::system_clock::time_point(std::chrono::seconds(seconds.load()));
  }

  [[nodiscard]] std::chrono::steady_clock::time_point steady() override {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(seconds.load()));
  }

  Status sleep(std::chrono::milliseconds /*duration*/) override { return {}; }

  /// 2026-01-31T09:30:00Z at first.
  std::atomic<std::int64_t> seconds{1769851800};
};

/// A stand-in site in a thread of its own, with a clock that stands still until told.
class RunningSandbox {
 public:
  explicit RunningSandbox(plugins::SandboxOptions options = acme_options());
  /// The same with testdata: the content of testdata/sandbox.json.
  RunningSandbox(plugins::SandboxOptions options, std::string_view testdata);
  RunningSandbox(const RunningSandbox&) = delete;
  RunningSandbox& operator=(const RunningSandbox&) = delete;
  ~RunningSandbox();

  /// "127.0.0.1:PORT".
  [[nodiscard]] const std::string& authority() const { return authority_; }

  [[nodiscard]] const std::string& base_url() const { return base_url_; }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Moves the site's clock on.
  void pass(std::chrono::seconds time) { clock_.seconds += time.count(); }

  /// The site's clock, in seconds since 1970.
  [[nodiscard]] std::int64_t seconds() const { return clock_.seconds; }

 private:
  FakeWorld world_;
  SteppingClock clock_;
  posix::PosixRandom random_;
  std::unique_ptr<plugins::Sandbox> sandbox_;
  std::string base_url_;
  std::string authority_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// A client that signs with core's own `authorize` and sends over a bare socket. Everything that a
/// test may want wrong is a member.
class SigningClient {
 public:
  explicit SigningClient(const RunningSandbox& sandbox) : sandbox_(sandbox) {}

  std::string consumer_key = "robot";
  /// None for a shared secret.
  std::optional<RsaPrivateKey> key = test_key();
  std::string shared_secret;
  oauth1::SignatureMethod method = oauth1::SignatureMethod::rsa_sha1;
  oauth1::Transmission transmission = oauth1::Transmission::header;
  /// Added to the site's clock.
  std::int64_t clock_error = 0;
  /// Used instead of a fresh one.
  std::optional<std::string> nonce;
  std::string token;
  std::string token_secret;
  bool with_token = false;
  /// The Host that is signed and sent; the site's own if empty.
  std::string host;
  /// Further header lines, each with its line break.
  std::string headers;

  /// Signs and sends; gives the whole answer. `path` goes below the base URL, encoded.
  [[nodiscard]] std::string send(std::string_view http_method,
                                 std::string_view path,
                                 const FormFields& extra = {},
                                 std::optional<std::string> form = std::nullopt) const;

  /// The same with a JSON body.
  [[nodiscard]] std::string send_json(std::string_view http_method,
                                      std::string_view path,
                                      std::string_view body) const;

  /// Uses the token of a token endpoint's answer from now on.
  void use(std::string_view answer);

  /// The whole dance with `callback`, up to the use of the access token; false if a step failed.
  [[nodiscard]] bool sign_in(std::string_view callback = "oob");

 private:
  [[nodiscard]] std::string carry_out(std::string_view http_method,
                                      std::string url,
                                      const FormFields& extra,
                                      const std::string* form,
                                      std::string_view json) const;

  const RunningSandbox& sandbox_;
  mutable int count_ = 0;
};

/// A request without a signature; `path` goes below the base URL.
[[nodiscard]] std::string visit(const RunningSandbox& sandbox,
                                std::string_view method,
                                std::string_view path,
                                std::string_view headers = "",
                                std::string_view body = "");

/// The same with a form.
[[nodiscard]] std::string post_form(const RunningSandbox& sandbox,
                                    std::string_view path,
                                    const FormFields& form,
                                    std::string_view headers = "");

/// A field of the form in an answer's body.
[[nodiscard]] std::string field_of(std::string_view answer, std::string_view name);

/// The word of oauth_problem in the WWW-Authenticate of an answer; empty if there is none.
[[nodiscard]] std::string problem_of(std::string_view answer);

/// The value of a hidden input of a page.
[[nodiscard]] std::string hidden_field(std::string_view page, std::string_view name);

}  // namespace atlink::tests
