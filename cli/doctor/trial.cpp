// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/trial.h"

#include "atlink/oauth1.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace atlink::cli::doctor {

namespace {

// Whether it was accepted is all that matters.
class Verdict final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead& head) override {
    accepted_ = head.status == 200;
    return {};
  }

  [[nodiscard]] Status write(std::string_view /*bytes*/) override { return {}; }

  [[nodiscard]] bool accepted() const { return accepted_; }

 private:
  bool accepted_ = false;
};

std::vector<BaseUrl> other_addresses(const BaseUrl& base, std::string_view told) {
  const Url& site = base.site();
  const std::string_view own = site.is_https() ? "https" : "http";
  const std::string_view other = site.is_https() ? "http" : "https";
  const std::string& text = base.str();
  const std::string& context = base.context_path();
  std::vector<BaseUrl> addresses;
  for (const std::string& candidate : {std::string(told),
                                       fmt::format("{}{}", other, text.substr(own.size())),
                                       fmt::format("{}://{}{}", own, site.host(), context),
                                       fmt::format("{}://{}{}", other, site.host(), context)}) {
    auto address = BaseUrl::parse(candidate);
    // A server has no say in what is signed for others.
    const bool is_new = address && address->site().host() == site.host() && !(*address == base) &&
                        std::find(addresses.begin(), addresses.end(), *address) == addresses.end();
    if (is_new) {
      addresses.push_back(*std::move(address));
    }
  }
  return addresses;
}

Result<std::string> authorization_for(const Connection& connection,
                                      RandomSource& random,
                                      const Url& url,
                                      std::int64_t timestamp) {
  ATLINK_ASSIGN(const std::string nonce, oauth1::make_nonce(random));
  FormFields parameters{
      {"oauth_consumer_key", connection.consumer.key},
      {"oauth_signature_method", std::string(oauth1::wire_name(connection.method))},
      {"oauth_timestamp", std::to_string(timestamp)},
      {"oauth_nonce", nonce},
      {"oauth_version", "1.0"},
      {"oauth_callback", "oob"}};
  ATLINK_ASSIGN(const std::string base_string,
                oauth1::signature_base_string({"POST", url.str(), parameters}));
  ATLINK_ASSIGN(std::string signature,
                oauth1::sign(connection.method, base_string, connection.consumer, nullptr));
  parameters.emplace_back("oauth_signature", std::move(signature));
  return oauth1::format_authorization(parameters);
}

Result<bool> is_seen_as(const Platform& platform,
                        const Connection& connection,
                        const BaseUrl& other,
                        std::int64_t skew) {
  const EndpointPath& endpoint = connection.product.oauth1->request_token;
  const auto now = std::chrono::floor<std::chrono::seconds>(platform.clock.now());
  ATLINK_ASSIGN(const Url to, connection.base.at(endpoint));
  ATLINK_ASSIGN(const Url as, other.at(endpoint));
  ATLINK_ASSIGN(
      const std::string header,
      authorization_for(connection, platform.random, as, now.time_since_epoch().count() + skew));
  const HttpRequest request{"POST", to, {{"Accept", "*/*"}, {"Authorization", header}}};
  Verdict verdict;
  ATLINK_CHECK(platform.transport.send(Exchange{request, verdict, connection.options}));
  return verdict.accepted();
}

}  // namespace

Result<std::optional<BaseUrl>> seen_address(const Platform& platform,
                                            const Connection& connection,
                                            std::string_view told,
                                            std::int64_t skew) {
  for (const BaseUrl& other : other_addresses(connection.base, told)) {
    const auto seen = is_seen_as(platform, connection, other, skew);
    if (!seen && seen.error().code == ErrorCode::cancelled) {
      return fail(seen.error());
    }
    if (seen && *seen) {
      return std::optional(other);
    }
  }
  return std::optional<BaseUrl>();
}

}  // namespace atlink::cli::doctor
