// SPDX-License-Identifier: Apache-2.0
#include "core/oauth2/token_call.h"

#include "atlink/json.h"
#include "core/auth/authoriser.h"
#include "core/http/collected.h"
#include "core/http/header_rules.h"
#include "core/http/redact.h"
#include "core/http/sending.h"
#include "core/http/sent_secrets.h"
#include "core/text/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace atlink::oauth2 {

namespace {

using ClientAuthentication = OAuth2Rules::ClientAuthentication;
using Encoding = OAuth2Rules::Encoding;
using std::chrono::seconds;

constexpr std::int64_t century = std::int64_t{100} * 365 * 24 * 3600;

Status check_client(const Connection& connection, const OAuth2Rules& rules) {
  const ClientRegistration& client = connection.registration;
  if (client.id.empty()) {
    return fail(ErrorCode::consumer_missing,
                "no client id is set",
                "atlink profile set NAME --client-id ID (the one that is registered), or set "
                "ATLINK_CLIENT_ID");
  }
  if (rules.client_secret && client.secret.empty()) {
    return fail(ErrorCode::consumer_missing,
                fmt::format("client {} has no secret", printable(client.id, 80)),
                "atlink profile set NAME --secret-file FILE, or set ATLINK_CLIENT_SECRET");
  }
  return {};
}

Status check_private(const Url& url) {
  if (url.is_https() || url.is_loopback()) {
    return {};
  }
  return fail(ErrorCode::credential_insecure,
              fmt::format("{} is plain http, and secrets would be sent to it", url.origin()),
              "use https");
}

/// A whole body, wiped when it goes.
class Body {
 public:
  Body(const FormFields& fields, Encoding encoding) {
    std::string text = encoding == Encoding::form ? to_form(fields) : as_json(fields);
    bytes_ = Secret::take(text);
  }

  [[nodiscard]] std::string text() const { return std::string(bytes_.expose()); }

 private:
  static std::string as_json(const FormFields& fields) {
    json::Value object{json::Object{}};
    for (const auto& [name, value] : fields) {
      object.set(name, value);
    }
    return json::write(object);
  }

  Secret bytes_;
};

/// How the client proves itself (RFC 6749 section 2.3.1): a header, or further fields.
FormFields with_client(const Connection& connection,
                       const OAuth2Rules& rules,
                       FormFields fields,
                       Headers& headers) {
  const ClientRegistration& client = connection.registration;
  const bool basic = rules.client_authentication.front() == ClientAuthentication::basic;
  if (basic && !client.secret.empty()) {
    Secret pair(percent_encode(client.id));
    pair.append(":");
    pair.append(percent_encode(client.secret.expose()));
    headers.set("Authorization", fmt::format("Basic {}", to_base64(pair.expose())));
    return fields;
  }
  fields.emplace_back("client_id", client.id);
  if (!client.secret.empty()) {
    fields.emplace_back("client_secret", client.secret.expose());
  }
  return fields;
}

std::optional<TimePoint> end_of(TimePoint now, std::int64_t lifetime) {
  return lifetime > 0 ? std::optional<TimePoint>(now + seconds(std::min(lifetime, century)))
                      : std::nullopt;
}

std::int64_t number_at(std::string_view body, std::string_view pointer, std::int64_t otherwise) {
  const std::string text = json::find_string(body, pointer).value_or("");
  std::int64_t value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && stop == text.data() + text.size() ? value : otherwise;
}

Secret secret_at(std::string_view body, std::string_view pointer) {
  std::string text = json::find_string(body, pointer).value_or("");
  return Secret::take(text);
}

/// A token has visible characters alone (RFC 6750 section 2.1 has fewer), or no request could take
/// it along.
bool is_sendable(const Secret& token) {
  const std::string_view text = token.expose();
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<Credential> read_answer(std::string_view body, const OAuth2Rules& rules, TimePoint now) {
  Credential credential;
  credential.access = secret_at(body, "/access_token");
  if (credential.access.empty()) {
    return fail(ErrorCode::oauth2_token_absent,
                "the answer of the token endpoint holds no access_token",
                "check that product, base URL and settings of the profile are right");
  }
  if (!is_sendable(credential.access)) {
    return fail(ErrorCode::answer_not_understood,
                "the server gave a token that holds spaces or characters that no token has",
                "check that product, base URL and settings of the profile are right");
  }
  const std::string type = json::find_string(body, "/token_type").value_or("bearer");
  if (!equals_ignoring_case(type, "bearer")) {
    return fail(ErrorCode::answer_not_understood,
                fmt::format("the server gave a token of type {}, and only bearer tokens are known",
                            printable(type, 60)));
  }
  credential.refresh_token = secret_at(body, "/refresh_token");
  credential.scopes = split_words(json::find_string(body, "/scope").value_or(""));
  credential.issued_at = now;
  credential.expires_at =
      end_of(now, number_at(body, "/expires_in", rules.access_token_lifetime.count()));
  if (!credential.refresh_token.empty()) {
    credential.session_ends_at = end_of(now, rules.refresh_token_lifetime.count());
  }
  return credential;
}

/// What came back, whole.
struct Answered {
  Classified classified;
  std::string body;
  http::SentSecrets sent;
};

/// What the classification knows better than a reader of tokens.
bool is_told(ErrorCode code) {
  return code == ErrorCode::answer_login_page || code == ErrorCode::answer_captcha ||
         code == ErrorCode::answer_xsrf || code == ErrorCode::answer_rate_limited;
}

Result<Credential> judge(const Classified& classified,
                         std::string_view body,
                         const OAuth2Rules& rules,
                         const TokenCall& call,
                         TimePoint now) {
  const bool success = classified.head.status >= 200 && classified.head.status <= 299;
  if (classified.error && is_told(classified.error->code)) {
    return fail(*classified.error);
  }
  if (const auto word = success ? std::nullopt : json::find_string(body, "/error")) {
    const std::string said = json::find_string(body, "/error_description").value_or("");
    return fail(to_error(rules, *word, said, call.next_on_invalid_grant)
                    .with("status", std::to_string(classified.head.status)));
  }
  if (classified.error && !success) {
    return fail(*classified.error);
  }
  return read_answer(body, rules, now);
}

}  // namespace

Result<const OAuth2Rules*> rules_of(const Connection& connection) {
  if (!connection.product.oauth2) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("{} ({}) offers no OAuth 2.0",
                            printable(connection.product.id, 60),
                            to_string(connection.product.deployment)),
                "choose another way to sign in with --method");
  }
  return &*connection.product.oauth2;
}

const std::vector<std::string>& scopes_of(const Connection& connection, const OAuth2Rules& rules) {
  const auto& chosen = connection.registration.scopes;
  return chosen.empty() ? rules.default_scopes : chosen;
}

namespace {

/// One POST with the client's proof.
Result<Answered> post(const Platform& platform,
                      const Connection& connection,
                      const Url& url,
                      const TokenCall& call) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection));
  ATLINK_CHECK(check_client(connection, *rules));
  ATLINK_CHECK(check_private(url));
  ATLINK_ASSIGN(Headers headers, http::request_headers({}, connection.product, "POST"));
  const Encoding encoding = rules->token_encodings.front();
  headers.set(
      "Content-Type",
      encoding == Encoding::form ? "application/x-www-form-urlencoded" : "application/json");
  const FormFields fields = with_client(connection, *rules, call.fields, headers);
  http::SentSecrets sent;
  sent.take(headers);
  sent.take(fields);
  const Body content(fields, encoding);
  const auto body = body_from_string(content.text());
  http::Prepared prepared{"POST", url, std::move(headers)};
  prepared.body = body.get();
  prepared.safe_to_repeat = call.safe_to_repeat;
  http::SendingRules sending;
  sending.small_answer = true;
  sending.token_call = true;
  sending.retry.attempts = call.once ? 1 : sending.retry.attempts;
  http::ClockCorrection correction{0};
  const auth::Unsigned nobody;
  http::Collected answer;
  auto classified =
      http::Sending({platform, connection, nobody, correction}, sending, std::move(prepared))
          .carry_out(answer);
  if (!classified) {
    return fail(sent.hide(std::move(classified).error()));
  }
  return Answered{*std::move(classified), answer.take(), std::move(sent)};
}

}  // namespace

Result<Credential> call_token_endpoint(const Platform& platform,
                                       const Connection& connection,
                                       const TokenCall& call) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection));
  ATLINK_ASSIGN(const Url url, service_url(connection, rules->token));
  ATLINK_ASSIGN(const Answered answer, post(platform, connection, url, call));
  auto credential = judge(answer.classified, answer.body, *rules, call, platform.clock.now());
  if (!credential) {
    Error error = answer.sent.hide(std::move(credential).error());
    return fail(error.fact("url").empty() ? std::move(error).with("url", http::shown_url(url))
                                          : error);
  }
  return credential;
}

Status revoke(const Platform& platform,
              const Connection& connection,
              const Credential& credential) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection));
  if (!rules->revoke) {
    return fail(ErrorCode::product_unsupported,
                "the description does not say how to revoke a token");
  }
  ATLINK_ASSIGN(const Url url, service_url(connection, *rules->revoke));
  ATLINK_ASSIGN(const Url token_url, service_url(connection, rules->token));
  if (!url.same_origin(token_url)) {
    // The credential is bound to the token endpoint, not to this.
    return fail(ErrorCode::credential_elsewhere,
                fmt::format("tokens of {} are not sent to {}", token_url.origin(), url.origin()));
  }
  const bool refresh = !credential.refresh_token.empty();
  const Secret& token = refresh ? credential.refresh_token : credential.access;
  TokenCall call;
  call.fields = {{"token", std::string(token.expose())},
                 {"token_type_hint", refresh ? "refresh_token" : "access_token"}};
  // Once: whoever signs out does not want to wait.
  ATLINK_ASSIGN(const Answered answer, post(platform, connection, url, call));
  const bool success = answer.classified.head.status >= 200 && answer.classified.head.status <= 299;
  if (const auto word = success ? std::nullopt : json::find_string(answer.body, "/error")) {
    return fail(answer.sent.hide(to_error(*rules, *word, {}, {})));
  }
  return answer.classified.error ? fail(answer.sent.hide(*answer.classified.error)) : Status();
}

}  // namespace atlink::oauth2
