// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth2.h"
#include "core/crypto/digest.h"
#include "core/oauth2/token_call.h"
#include "core/text/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::oauth2 {

namespace {

using Pkce = OAuth2Rules::Pkce;

/// How long a person has for the consent page.
constexpr std::chrono::minutes patience{15};

/// Base64url without padding (RFC 7636 appendix A).
std::string to_base64url(std::string_view bytes) {
  std::string text = to_base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

/// 32 unpredictable bytes, as 43 characters.
Result<std::string> unpredictable(RandomSource& random) {
  std::array<unsigned char, 32> bytes{};
  ATLINK_CHECK(random.fill(bytes));
  std::string text(bytes.begin(), bytes.end());
  wipe_memory(bytes.data(), bytes.size());
  std::string encoded = to_base64url(text);
  wipe_memory(text.data(), text.size());
  return encoded;
}

Result<std::string> challenge_of(Pkce pkce, const Secret& verifier) {
  if (pkce == Pkce::plain) {
    return std::string(verifier.expose());
  }
  ATLINK_ASSIGN(const crypto::DigestValue hash,
                crypto::digest(crypto::Hash::sha256, verifier.expose()));
  return to_base64url(hash.view());
}

std::string scope_text(const Connection& connection, const OAuth2Rules& rules) {
  std::vector<std::string> scopes = scopes_of(connection, rules);
  const std::string& offline = rules.offline_scope;
  if (!offline.empty() && std::find(scopes.begin(), scopes.end(), offline) == scopes.end()) {
    scopes.push_back(offline);
  }
  return join_words(scopes);
}

Result<FormFields> authorization_request(const Connection& connection,
                                         const OAuth2Rules& rules,
                                         const PendingLogin& pending) {
  FormFields fields{{"response_type", "code"},
                    {"client_id", connection.registration.id},
                    {"redirect_uri", pending.callback},
                    {"state", pending.request_token}};
  if (const std::string scope = scope_text(connection, rules); !scope.empty()) {
    fields.emplace_back("scope", scope);
  }
  if (rules.pkce != Pkce::none) {
    ATLINK_ASSIGN(std::string challenge, challenge_of(rules.pkce, pending.request_token_secret));
    fields.emplace_back("code_challenge", std::move(challenge));
    fields.emplace_back("code_challenge_method", rules.pkce == Pkce::s256 ? "S256" : "plain");
  }
  fields.insert(fields.end(), rules.parameters.begin(), rules.parameters.end());
  return fields;
}

Status check_time(const PendingLogin& pending, TimePoint now) {
  if (now <= pending.expires_at) {
    return {};
  }
  return fail(ErrorCode::login_expired,
              fmt::format("the sign-in was begun at {} and had to be finished by {}",
                          to_rfc3339(pending.begun_at),
                          to_rfc3339(pending.expires_at)),
              "begin the sign-in again");
}

}  // namespace

CodeFlow::CodeFlow(Platform platform, const Connection& connection, IssuedFor issued_for)
    : platform_(platform), connection_(connection), issued_for_(std::move(issued_for)) {}

Result<PendingLogin> CodeFlow::begin(std::string_view redirect_uri) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection_));
  if (!rules->authorize || connection_.registration.id.empty()) {
    return fail(rules->authorize ? ErrorCode::consumer_missing : ErrorCode::product_unsupported,
                rules->authorize ? "no client id is set"
                                 : "the product's description has no page for consent",
                rules->authorize ? "atlink profile set NAME --client-id ID, as it is registered"
                                 : "choose another way to sign in with --method");
  }
  PendingLogin pending;
  pending.issued_for = issued_for_;
  ATLINK_ASSIGN(pending.request_token, unpredictable(platform_.random));
  ATLINK_ASSIGN(std::string verifier, unpredictable(platform_.random));
  pending.request_token_secret = Secret::take(verifier);
  pending.callback = redirect_uri;
  pending.begun_at = platform_.clock.now();
  pending.expires_at = pending.begun_at + patience;
  return pending;
}

Result<Url> CodeFlow::authorize_url(const PendingLogin& pending) const {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection_));
  ATLINK_ASSIGN(const Url url,
                service_url(connection_, rules->authorize.value_or(ServiceEndpoint())));
  ATLINK_ASSIGN(const FormFields fields, authorization_request(connection_, *rules, pending));
  return url.with_query(to_form(fields));
}

Result<std::string> CodeFlow::code_in(const FormFields& answer, const PendingLogin& pending) const {
  const auto state = form_value(answer, "state");
  if (!state) {
    return fail(ErrorCode::login_wrong_answer,
                "the answer of the browser is not whole: it has no state",
                "give the whole address at which the browser ended, in quotes: a shell cuts it at "
                "its first &");
  }
  if (*state != pending.request_token) {
    return fail(ErrorCode::login_wrong_answer,
                "the answer of the browser belongs to another sign-in (its state is another)",
                "use the address that this sign-in printed");
  }
  if (const auto word = form_value(answer, "error")) {
    // The words of the description are those of the token endpoint: here a person may have denied.
    const std::string_view said = form_value(answer, "error_description").value_or("");
    return fail(to_error(OAuth2Rules(), *word, said, {}));
  }
  const auto code = form_value(answer, "code");
  if (!code || code->empty()) {
    return fail(ErrorCode::login_wrong_answer, "the answer of the browser holds no code");
  }
  return std::string(*code);
}

Result<Credential> CodeFlow::finish(const PendingLogin& pending, std::string_view code) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection_));
  ATLINK_CHECK(check_issued_for(pending.issued_for, issued_for_));
  ATLINK_CHECK(check_time(pending, platform_.clock.now()));
  TokenCall call;
  call.fields = {{"grant_type", "authorization_code"},
                 {"code", std::string(trim(code))},
                 {"redirect_uri", pending.callback}};
  if (rules->pkce != Pkce::none) {
    call.fields.emplace_back("code_verifier", pending.request_token_secret.expose());
  }
  call.next_on_invalid_grant =
      "a code is good once and for a short time, and only with the redirect URI that it was given "
      "for: sign in again";
  ATLINK_ASSIGN(Credential credential, call_token_endpoint(platform_, connection_, call));
  credential.issued_for = issued_for_;
  if (credential.scopes.empty()) {
    credential.scopes = scopes_of(connection_, *rules);
  }
  return credential;
}

}  // namespace atlink::oauth2
