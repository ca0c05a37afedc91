// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/token_endpoints.h"

#include <string>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

/// The answer to methods other than POST; none for POST.
std::optional<ServerResponse> not_posted(const Visit& visit) {
  const std::string& method = visit.request.method;
  if (method == "POST") {
    return std::nullopt;
  }
  return method == "GET" || method == "HEAD" ? ServerResponse{} : method_refused("GET, POST");
}

std::optional<Problem> judge_callback(const OAuthMessage& message) {
  const auto callback = message.find("oauth_callback");
  if (!callback || *callback == "oob" || is_callback(*callback)) {
    return std::nullopt;
  }
  return Problem{"parameter_rejected",
                 {{"oauth_parameters_rejected", "oauth_callback"},
                  {"oauth_problem_advice", "the callback must be an absolute http or https URI"}}};
}

ServerResponse token_answer(const FormFields& fields) {
  return text_answer(200, to_form(fields));
}

bool is_over(std::int64_t end, std::int64_t now) {
  return end != 0 && now >= end;
}

}  // namespace

std::optional<Problem> TokenEndpoints::judge_signature(const OAuthMessage& message,
                                                       const Secret* token_secret,
                                                       std::int64_t now) const {
  const Consumer* consumer = parts_.consumers.find(message.get("oauth_consumer_key"));
  if (consumer == nullptr) {
    return Problem{"consumer_key_unknown", {}};
  }
  return parts_.checks.message(message, *consumer, token_secret, now);
}

std::optional<Problem> TokenEndpoints::judge_request(const OAuthMessage& message,
                                                     std::int64_t now) const {
  if (auto problem = parts_.checks.method(message)) {
    return problem;
  }
  if (!message.find("oauth_consumer_key")) {
    return absent("oauth_consumer_key");
  }
  if (auto problem = judge_signature(message, nullptr, now)) {
    return problem;
  }
  return judge_callback(message);
}

ServerResponse TokenEndpoints::request_token(const Visit& visit) {
  if (auto answer = not_posted(visit)) {
    return *std::move(answer);
  }
  const OAuthMessage message = read_message(visit, parts_.rules.transmissions);
  if (const auto problem = judge_request(message, visit.now)) {
    return problem_answer(visit.base_url, *problem);
  }
  const auto made = parts_.tokens.add_request(message.get("oauth_consumer_key"), visit.now);
  if (!made) {
    return problem_answer(visit.base_url, Problem{});
  }
  RequestToken& token = **made;
  const auto callback = message.find("oauth_callback");
  token.old_version = !callback;
  token.callback = callback.value_or("oob") == "oob" ? "" : std::string(*callback);
  FormFields fields{{"oauth_token", token.token},
                    {"oauth_token_secret", std::string(token.secret.expose())}};
  if (callback && parts_.rules.callback_confirmed) {
    fields.emplace_back("oauth_callback_confirmed", "true");
  }
  return token_answer(fields);
}

std::optional<Problem> TokenEndpoints::judge_exchange(const OAuthMessage& message,
                                                      const RequestToken* token,
                                                      std::int64_t now) const {
  if (token == nullptr) {
    return Problem{"token_rejected", {}};
  }
  if (is_over(token->expires, now)) {
    return Problem{"token_expired", {}};
  }
  if (token->state != RequestToken::State::allowed) {
    const bool pending = token->state == RequestToken::State::pending;
    return Problem{pending ? "permission_unknown" : "permission_denied", {}};
  }
  if (message.get("oauth_consumer_key") != token->consumer_key) {
    return Problem{"token_rejected", {}};
  }
  const auto verifier = message.find("oauth_verifier");
  if (!token->old_version && !verifier) {
    return absent("oauth_verifier");
  }
  if (!token->old_version && *verifier != token->verifier) {
    return Problem{"token_rejected", {}};
  }
  return judge_signature(message, &token->secret, now);
}

std::optional<Problem> TokenEndpoints::judge_renewal(const OAuthMessage& message,
                                                     const AccessToken& token,
                                                     std::int64_t now) const {
  if (message.get("oauth_consumer_key") != token.consumer_key) {
    return Problem{"token_rejected", {}};
  }
  const auto handle = message.find("oauth_session_handle");
  if (!handle) {
    return absent("oauth_session_handle");
  }
  if (token.session_handle.empty() || *handle != token.session_handle) {
    return Problem{"token_rejected", {}};
  }
  if (is_over(token.session_ends, now)) {
    return Problem{"permission_denied", {}};
  }
  return judge_signature(message, &token.secret, now);
}

ServerResponse TokenEndpoints::issue(const Visit& visit,
                                     std::string_view consumer_key,
                                     std::string_view user) {
  const auto made = parts_.tokens.add_access(consumer_key, user, visit.now);
  if (!made) {
    return problem_answer(visit.base_url, Problem{});
  }
  const AccessToken& token = **made;
  FormFields fields{{"oauth_token", token.token},
                    {"oauth_token_secret", std::string(token.secret.expose())}};
  if (token.expires != 0) {
    fields.emplace_back("oauth_expires_in", std::to_string(token.expires - visit.now));
  }
  if (!token.session_handle.empty()) {
    fields.emplace_back("oauth_session_handle", token.session_handle);
    if (token.session_ends != 0) {
      fields.emplace_back("oauth_authorization_expires_in",
                          std::to_string(token.session_ends - visit.now));
    }
  }
  return token_answer(fields);
}

ServerResponse TokenEndpoints::access_token(const Visit& visit) {
  if (auto answer = not_posted(visit)) {
    return *std::move(answer);
  }
  const OAuthMessage message = read_message(visit, parts_.rules.transmissions);
  if (const auto problem = parts_.checks.method(message)) {
    return problem_answer(visit.base_url, *problem);
  }
  const auto name = message.find("oauth_token");
  if (!name) {
    return problem_answer(visit.base_url, absent("oauth_token"));
  }
  const AccessToken* old = parts_.tokens.find_access(*name);
  const RequestToken* temporary = parts_.tokens.find_request(*name);
  const auto problem = old != nullptr ? judge_renewal(message, *old, visit.now)
                                      : judge_exchange(message, temporary, visit.now);
  if (problem) {
    return problem_answer(visit.base_url, *problem);
  }
  const std::string consumer_key = old != nullptr ? old->consumer_key : temporary->consumer_key;
  const std::string user = old != nullptr ? old->user : temporary->user;
  parts_.tokens.remove_access(*name);
  parts_.tokens.remove_request(*name);
  return issue(visit, consumer_key, user);
}

}  // namespace atlink::plugins::sandbox
