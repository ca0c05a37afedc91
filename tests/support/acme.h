// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "tests/support/fake_transport.h"

#include <optional>
#include <string>
#include <string_view>

/// A made-up product and its site, for tests of what sends.
namespace atlink::tests {

/// Product "acme" with sign-in, identity, signals for each meaning and places for error messages.
[[nodiscard]] Product acme_product();

/// A connection to it as consumer "atlink-tests" with the shared secret "consumer-secret"
/// (HMAC-SHA1), since that needs no key.
[[nodiscard]] Connection acme_connection(std::string_view site = "https://site.example",
                                         std::string_view context_path = "/acme");

/// Token "token" with secret "token-secret".
[[nodiscard]] oauth1::Token acme_token();

/// Whether a request carries a signature that fits it, wherever its OAuth parameters travel.
[[nodiscard]] bool is_signed(const SentRequest& request,
                             std::string_view token_secret = "token-secret");

/// An OAuth parameter of a request, wherever it travels.
[[nodiscard]] std::optional<std::string> oauth_of(const SentRequest& request,
                                                  std::string_view name);

/// Keeps an answer and counts what it is told.
class Keeper final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead& head) override;
  [[nodiscard]] Status write(std::string_view bytes) override;

  /// As before the first answer.
  void clear();

  int heads = 0;
  int status = 0;
  Headers headers;
  std::string body;
  /// Makes each write fail with `file_io`.
  bool broken = false;
};

/// A body that can be read once, like a pipe.
class OneWay final : public BodySource {
 public:
  explicit OneWay(std::string bytes) : source_(body_from_string(std::move(bytes))) {}

  [[nodiscard]] std::optional<std::uint64_t> length() const override { return std::nullopt; }

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
    return source_->read(buffer);
  }

  [[nodiscard]] bool rewind() override { return false; }

 private:
  std::unique_ptr<BodySource> source_;
};

}  // namespace atlink::tests
