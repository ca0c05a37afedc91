// SPDX-License-Identifier: Apache-2.0
#include "core/auth/authoriser.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::auth {

bool Authoriser::can_renew(const Credential& /*refused*/) const {
  return false;
}

Status Authoriser::renew(const Credential& /*refused*/) const {
  return fail(ErrorCode::internal, "there is nothing to renew");
}

bool Authoriser::has_newer(const Credential& /*refused*/) const {
  return false;
}

Status Unsigned::authorise(Outgoing&, std::int64_t) const {
  return {};
}

OAuth1Signer::OAuth1Signer(const Connection& connection,
                           const oauth1::Token* token,
                           RandomSource& random,
                           FormFields extra)
    : connection_(connection), token_(token), random_(random), extra_(std::move(extra)) {}

oauth1::Transmission OAuth1Signer::transmission_for(const Outgoing& outgoing) const {
  // RFC 5849 section 3.5.2: only in a form body. Without one the header is what servers have to
  // take first (section 3.5).
  const bool impossible =
      connection_.transmission == oauth1::Transmission::form && !outgoing.form.has_value();
  return impossible ? oauth1::Transmission::header : connection_.transmission;
}

// The parameter is signed with all else in the query.
Status OAuth1Signer::act_for_user(Outgoing& outgoing) const {
  if (connection_.act_as.empty()) {
    return {};
  }
  const auto& rules = connection_.product.oauth1;
  if (!rules || !rules->impersonation) {
    return fail(ErrorCode::method_unavailable,
                fmt::format("{} ({}) has no way to act for another user",
                            connection_.product.name,
                            to_string(connection_.product.deployment)),
                "leave the user out: atlink profile set NAME --as ''");
  }
  if (token_ == nullptr || !token_->token.empty()) {
    return fail(ErrorCode::method_unavailable,
                "requests act for another user only where they are signed without one (two-legged)",
                "leave the user out, or make the profile two-legged: atlink profile set NAME "
                "--two-legged");
  }
  ATLINK_ASSIGN(outgoing.url,
                outgoing.url.with_query(fmt::format("{}={}",
                                                    percent_encode(rules->impersonation->parameter),
                                                    percent_encode(connection_.act_as))));
  return {};
}

Status OAuth1Signer::authorise(Outgoing& outgoing, std::int64_t timestamp) const {
  ATLINK_CHECK(act_for_user(outgoing));
  ATLINK_ASSIGN(const std::string nonce, oauth1::make_nonce(random_));
  oauth1::AuthorizeInput input;
  input.method = outgoing.method;
  input.url = outgoing.url.str();
  input.form_body = outgoing.form;
  input.timestamp = timestamp;
  input.nonce = nonce;
  input.extra = extra_;
  const oauth1::AuthorizeWith with{
      connection_.method, transmission_for(outgoing), connection_.consumer, token_};
  ATLINK_ASSIGN(const oauth1::Authorized proof, oauth1::authorize(input, with));
  if (!proof.header.empty()) {
    outgoing.headers.set("Authorization", proof.header);
  }
  if (!proof.query.empty()) {
    ATLINK_ASSIGN(outgoing.url, outgoing.url.with_query(proof.query));
  }
  if (!proof.form.empty()) {
    std::string& form = *outgoing.form;
    form += form.empty() ? "" : "&";
    form += proof.form;
  }
  return {};
}

std::unique_ptr<Authoriser> pick_authoriser(const Connection& connection,
                                            const oauth1::Token* token,
                                            RandomSource& random) {
  if (token == nullptr) {
    return std::make_unique<Unsigned>();
  }
  return std::make_unique<OAuth1Signer>(connection, token, random);
}

}  // namespace atlink::auth
