// SPDX-License-Identifier: Apache-2.0
#include "atlink/client.h"

#include "core/auth/authoriser.h"
#include "core/http/identity.h"
#include "core/http/prepare.h"
#include "core/http/sending.h"

#include <utility>

namespace atlink {

struct Client::Impl {
  Impl(const Platform& outside, Connection where, std::optional<oauth1::Token> who)
      : platform(outside),
        connection(std::move(where)),
        token(std::move(who)),
        authoriser(auth::pick_authoriser(connection, token ? &*token : nullptr, platform.random)) {}

  Impl(const Platform& outside, Connection where, std::shared_ptr<CredentialSource> source)
      : platform(outside),
        connection(std::move(where)),
        authoriser(
            std::make_unique<auth::ByCredential>(connection, std::move(source), platform.random)) {}

  [[nodiscard]] http::SendingParts parts() {
    return {platform, connection, *authoriser, correction};
  }

  Platform platform;
  Connection connection;
  std::optional<oauth1::Token> token;
  std::unique_ptr<auth::Authoriser> authoriser;
  http::ClockCorrection correction{0};
};

Client::Client(Platform platform, Connection connection, std::optional<oauth1::Token> token)
    : impl_(std::make_unique<Impl>(platform, std::move(connection), std::move(token))) {}

Client::Client(Platform platform, Connection connection, std::shared_ptr<CredentialSource> source)
    : impl_(std::make_unique<Impl>(platform, std::move(connection), std::move(source))) {}

Client::~Client() = default;

Result<Classified> Client::send(const ApiRequest& request, ResponseHandler& handler) {
  ATLINK_ASSIGN(http::Prepared prepared, http::prepare(impl_->connection, request));
  http::SendingRules rules{retry, limits};
  return http::Sending(impl_->parts(), rules, std::move(prepared)).carry_out(handler);
}

Result<Answer> Client::fetch(const ApiRequest& request, std::size_t limit) {
  http::Collected body(limit);
  ATLINK_ASSIGN(Classified classified, send(request, body));
  if (classified.error) {
    return fail(*std::move(classified.error));
  }
  return Answer{std::move(classified.head), body.take()};
}

Result<Url> Client::url_of(const ApiRequest& request) const {
  return http::request_url(impl_->connection, request);
}

Result<std::string> Client::who_am_i() {
  const auto& product = impl_->connection.product;
  if (!product.identity) {
    return fail(ErrorCode::product_unsupported,
                "the description of product " + product.id +
                    " does not say how to ask who is "
                    "signed in");
  }
  ATLINK_ASSIGN(http::Prepared prepared, http::prepare_identity(impl_->connection));
  http::SendingRules rules{retry, limits};
  rules.small_answer = true;
  http::Collected answer;
  ATLINK_ASSIGN(Classified classified,
                http::Sending(impl_->parts(), rules, std::move(prepared)).carry_out(answer));
  if (classified.error) {
    return fail(*std::move(classified.error));
  }
  return http::read_identity(*product.identity, classified.head, answer.text());
}

std::int64_t Client::clock_correction() const {
  return impl_->correction.load();
}

}  // namespace atlink
