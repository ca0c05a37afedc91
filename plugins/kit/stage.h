// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/platform.h"
#include "atlink/rsa_key.h"
#include "plugins/sandbox/sandbox.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// What a product is played on: a sandbox of its description, and clients of it.
namespace atlink::plugins::kit {

/// A clock that can be moved on, for sandbox and client alike. Sleeping moves it, so that nothing
/// is waited for.
class StageClock final : public Clock {
 public:
  explicit StageClock(Clock& real) : real_(real) {}

  [[nodiscard]] std::chrono::system_clock::time_point now() override {
    return real_.now() + std::chrono::seconds(ahead_.load());
  }

  [[nodiscard]] std::chrono::steady_clock::time_point steady() override { return real_.steady(); }

  Status sleep(std::chrono::milliseconds duration) override;

  void pass(std::chrono::seconds time) { ahead_ += time.count(); }

 private:
  Clock& real_;
  std::atomic<std::int64_t> ahead_{0};
};

/// Sends to loopback, and refuses everything else before it leaves.
class LoopbackOnly final : public Transport {
 public:
  explicit LoopbackOnly(Transport& real) : real_(real) {}

  Status send(const Exchange& exchange) override;

 private:
  Transport& real_;
};

/// What a consumer of the sandbox signs with. Made once, since keys take their time.
struct Keys {
  RsaPrivateKey rsa;
  std::string secret;
};

[[nodiscard]] Result<Keys> make_keys(RandomSource& random);

/// An answer, whole.
struct Answer {
  HttpResponseHead head;
  std::string body;
  /// What it means, where it is no success.
  std::optional<Error> error;
};

/// Sends a request and reads the answer (1 MiB at most).
[[nodiscard]] Result<Answer> ask(Client& client, const ApiRequest& request);

/// A sandbox that runs as long as this does.
class Stage {
 public:
  /// Plays `version` of the product; empty: the one that the sandbox chooses. Fails like
  /// `make_sandbox`.
  [[nodiscard]] static Result<std::unique_ptr<Stage>> open(Platform platform,
                                                           Product product,
                                                           const std::vector<std::string>& folders,
                                                           const Keys& keys,
                                                           const std::string& version);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  Stage(Stage&&) = delete;
  Stage& operator=(Stage&&) = delete;

  [[nodiscard]] const Product& product() const { return product_; }

  [[nodiscard]] const OAuth1Rules& rules() const { return *product_.oauth1; }

  [[nodiscard]] const Sandbox& sandbox() const { return *sandbox_; }

  [[nodiscard]] StageClock& clock() { return clock_; }

  [[nodiscard]] Platform platform();

  /// A way to the site that signs like this.
  [[nodiscard]] Result<Connection> connect(oauth1::SignatureMethod method,
                                           oauth1::Transmission transmission) const;
  /// The way that the description prefers.
  [[nodiscard]] Result<Connection> connect() const;

  /// A client that sends each request once. Without a token it does not sign.
  [[nodiscard]] Result<std::unique_ptr<Client>> client(std::optional<oauth1::Token> token);

  /// Whom its consent page signs in.
  static constexpr std::string_view user = "alice";

 private:
  Stage(Platform platform, Product product, const Keys& keys);

  Platform real_;
  StageClock clock_;
  LoopbackOnly transport_;
  Product product_;
  const Keys& keys_;
  std::unique_ptr<Sandbox> sandbox_;
  std::thread thread_;
};

}  // namespace atlink::plugins::kit
