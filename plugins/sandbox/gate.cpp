// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/gate.h"

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

bool is_oauth_request(const OAuthMessage& message) {
  constexpr std::array<std::string_view, 6> names{"oauth_consumer_key",
                                                  "oauth_token",
                                                  "oauth_signature_method",
                                                  "oauth_signature",
                                                  "oauth_timestamp",
                                                  "oauth_nonce"};
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) {
    return message.find(name).has_value();
  });
}

Admission refused(Problem problem) {
  return {Identity{}, std::move(problem)};
}

}  // namespace

Admission Gate::three_legged(const OAuthMessage& message, std::int64_t now) {
  const AccessToken* token = parts_.tokens.find_access(message.get("oauth_token"));
  if (token == nullptr || token->consumer_key != message.get("oauth_consumer_key")) {
    return refused({"token_rejected", {}});
  }
  if (token->expires != 0 && now >= token->expires) {
    return refused({"token_expired", {}});
  }
  const Consumer* consumer = parts_.consumers.find(token->consumer_key);
  if (consumer == nullptr) {
    return refused({"consumer_key_unknown", {}});
  }
  if (auto problem = parts_.checks.message(message, *consumer, &token->secret, now)) {
    return refused(*std::move(problem));
  }
  return {{token->user, "oauth1"}, std::nullopt};
}

std::optional<std::string> Gate::acts_for(const Visit& visit) const {
  const auto& rule = parts_.rules.impersonation;
  const FormFields fields = parse_form(visit.query);
  const auto user =
      form_value(fields, rule ? std::string_view(rule->parameter) : "xoauth_requestor_id");
  return user ? std::optional<std::string>(*user) : std::nullopt;
}

Admission Gate::two_legged(const Visit& visit, const OAuthMessage& message) {
  const Consumer* consumer = parts_.consumers.find(message.get("oauth_consumer_key"));
  if (consumer == nullptr) {
    return refused({"consumer_key_unknown", {}});
  }
  const auto another = acts_for(visit);
  const bool may_not_be = another && (!parts_.rules.impersonation || another->empty());
  if (!parts_.rules.two_legged || !consumer->two_legged || may_not_be) {
    return refused({"permission_denied", {}});
  }
  if (auto problem = parts_.checks.message(message, *consumer, nullptr, visit.now)) {
    return refused(*std::move(problem));
  }
  return {{another.value_or(user_), "oauth1-two-legged"}, std::nullopt};
}

Admission Gate::admit(const Visit& visit) {
  const OAuthMessage message = read_message(visit, parts_.rules.transmissions);
  if (!is_oauth_request(message)) {
    return {};
  }
  if (auto problem = parts_.checks.method(message)) {
    return refused(*std::move(problem));
  }
  return message.get("oauth_token").empty() ? two_legged(visit, message)
                                            : three_legged(message, visit.now);
}

}  // namespace atlink::plugins::sandbox
