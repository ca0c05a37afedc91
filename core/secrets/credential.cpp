// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"

#include <fmt/format.h>

#include <utility>

namespace atlink {

CredentialStore::~CredentialStore() = default;
CredentialSource::~CredentialSource() = default;

namespace {

std::string shown(const std::string& value) {
  return value.empty() ? "none" : printable(value, 200);
}

std::string in_words(const std::map<std::string, std::string>& settings) {
  std::string text;
  for (const auto& [name, value] : settings) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

/// What the member consumer_key is, by the method.
std::string_view whose(SignInMethod method) {
  switch (method) {
    case SignInMethod::oauth2:
    case SignInMethod::client_credentials:
      return "client id";
    case SignInMethod::api_token:
    case SignInMethod::basic:
      return "user name";
    default:
      return "consumer key";
  }
}

class FixedCredential final : public CredentialSource {
 public:
  explicit FixedCredential(Credential credential)
      : credential_(std::make_shared<const Credential>(std::move(credential))) {}

  [[nodiscard]] Result<std::shared_ptr<const Credential>> current() override { return credential_; }

  [[nodiscard]] bool can_renew(const Credential& /*refused*/) override { return false; }

  Status renew(const Credential& /*refused*/) override {
    return fail(ErrorCode::credential_expired,
                "the credential cannot be renewed",
                "sign in again: atlink login");
  }

 private:
  std::shared_ptr<const Credential> credential_;
};

}  // namespace

Credential clone(const Credential& credential) {
  Credential copy;
  copy.issued_for = credential.issued_for;
  copy.token = credential.token;
  copy.token_secret = credential.token_secret.clone();
  copy.session_handle = credential.session_handle.clone();
  copy.access = credential.access.clone();
  copy.refresh_token = credential.refresh_token.clone();
  copy.scopes = credential.scopes;
  copy.site_id = credential.site_id;
  copy.agreed_origins = credential.agreed_origins;
  copy.user = credential.user;
  copy.issued_at = credential.issued_at;
  copy.expires_at = credential.expires_at;
  copy.session_ends_at = credential.session_ends_at;
  copy.version = credential.version;
  copy.read_only = credential.read_only;
  return copy;
}

std::shared_ptr<CredentialSource> fixed_credential(Credential credential) {
  return std::make_shared<FixedCredential>(std::move(credential));
}

Status check_issued_for(const IssuedFor& recorded, const IssuedFor& now) {
  const auto differs = [](std::string_view what, const std::string& then, const std::string& here) {
    return fail(make_error(ErrorCode::credential_elsewhere,
                           fmt::format("the credential was issued for the {} {} and is not sent to "
                                       "or signed for {}",
                                       what,
                                       shown(then),
                                       shown(here)),
                           "sign in again: atlink login")
                    .with("recorded", shown(then))
                    .with("now", shown(here)));
  };
  if (recorded.product != now.product) {
    return differs("product", recorded.product, now.product);
  }
  if (recorded.base_url != now.base_url) {
    return differs("base URL", recorded.base_url, now.base_url);
  }
  if (recorded.method != now.method) {
    return differs(
        "method", std::string(to_string(recorded.method)), std::string(to_string(now.method)));
  }
  if (recorded.authorization_server != now.authorization_server) {
    return differs("authorization server", recorded.authorization_server, now.authorization_server);
  }
  if (recorded.gateway != now.gateway) {
    return differs("gateway", recorded.gateway, now.gateway);
  }
  if (recorded.consumer_key != now.consumer_key) {
    return differs(whose(now.method), recorded.consumer_key, now.consumer_key);
  }
  if (recorded.key_fingerprint != now.key_fingerprint) {
    return differs("key with the fingerprint", recorded.key_fingerprint, now.key_fingerprint);
  }
  if (recorded.settings != now.settings) {
    return differs("settings", in_words(recorded.settings), in_words(now.settings));
  }
  return {};
}

}  // namespace atlink
