// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "core/auth/authoriser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::auth {

namespace {

/// Whoever sees such a header can use it again, so nobody on the way may see it.
Status check_private(const Url& url) {
  if (url.is_https() || url.is_loopback()) {
    return {};
  }
  return fail(ErrorCode::credential_insecure,
              fmt::format("{} is plain http, and whoever listens on the way could use the token or "
                          "password that would be sent",
                          url.origin()),
              "use the https URL of the site");
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Status sign_with(const Connection& connection,
                 const Credential& credential,
                 RandomSource& random,
                 Outgoing& outgoing,
                 std::int64_t timestamp) {
  const oauth1::Token token{credential.token, credential.token_secret.clone()};
  return OAuth1Signer(connection, &token, random).authorise(outgoing, timestamp);
}

}  // namespace

Status authorise_with_token(Outgoing& outgoing, std::string_view scheme, const Secret& token) {
  ATLINK_CHECK(check_private(outgoing.url));
  if (token.empty() || !is_visible(token.expose())) {
    return fail(ErrorCode::header_invalid,
                "the token is empty, or holds spaces or characters that no token has",
                "sign in again and give the token as the site shows it, on one line");
  }
  outgoing.headers.set("Authorization", fmt::format("{} {}", scheme, token.expose()));
  return {};
}

Status authorise_with_password(Outgoing& outgoing, std::string_view user, const Secret& password) {
  ATLINK_CHECK(check_private(outgoing.url));
  if (user.empty() || user.find(':') != std::string_view::npos) {
    return fail(ErrorCode::consumer_missing,
                user.empty() ? "no user name is set" : "a user name cannot hold a colon",
                "atlink profile set NAME --user USER, or set ATLINK_USER");
  }
  Secret pair(user);
  pair.append(":");
  pair.append(password.expose());
  outgoing.headers.set("Authorization", fmt::format("Basic {}", to_base64(pair.expose())));
  return {};
}

ByCredential::ByCredential(const Connection& connection,
                           std::shared_ptr<CredentialSource> source,
                           RandomSource& random)
    : connection_(connection), source_(std::move(source)), random_(random) {}

Status ByCredential::authorise(Outgoing& outgoing, std::int64_t timestamp) const {
  ATLINK_ASSIGN(outgoing.credential, source_->current());
  const Credential& credential = *outgoing.credential;
  switch (credential.issued_for.method) {
    case SignInMethod::oauth1:
      return sign_with(connection_, credential, random_, outgoing, timestamp);
    case SignInMethod::token: {
      const auto& rules = connection_.product.token;
      return authorise_with_token(outgoing, rules ? rules->scheme : "Bearer", credential.access);
    }
    case SignInMethod::oauth2:
    case SignInMethod::client_credentials:
      return authorise_with_token(outgoing, "Bearer", credential.access);
    case SignInMethod::api_token:
    case SignInMethod::basic:
      return authorise_with_password(
          outgoing, credential.issued_for.consumer_key, credential.access);
  }
  return fail(ErrorCode::internal, "a credential of no known method");
}

bool ByCredential::can_renew(const Credential& refused) const {
  return source_->can_renew(refused);
}

bool ByCredential::has_newer(const Credential& refused) const {
  if (!source_->can_renew(refused)) {
    return false;
  }
  const auto now = source_->current();
  return now && (*now)->version != refused.version;
}

Status ByCredential::renew(const Credential& refused) const {
  return source_->renew(refused);
}

}  // namespace atlink::auth
