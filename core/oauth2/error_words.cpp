// SPDX-License-Identifier: Apache-2.0
#include "core/oauth2/token_call.h"

#include <fmt/format.h>

#include <array>

namespace atlink::oauth2 {

namespace {

struct Word {
  std::string_view word;
  ErrorCode code;
  std::string_view next;
};

/// RFC 6749 sections 4.1.2.1 and 5.2.
constexpr std::array words{
    Word{"invalid_request",
         ErrorCode::oauth2_invalid_request,
         "compare redirect URI and scopes of the profile with what is registered"},
    Word{
        "invalid_client",
        ErrorCode::oauth2_invalid_client,
        "compare client id and secret with what is registered: atlink profile set NAME --client-id "
        "ID --secret-file FILE"},
    Word{"invalid_grant", ErrorCode::oauth2_invalid_grant, "sign in again: atlink login"},
    Word{"unauthorized_client",
         ErrorCode::oauth2_unauthorized_client,
         "register the client for this way to sign in, or choose another with --method"},
    Word{"unsupported_grant_type",
         ErrorCode::oauth2_unsupported_grant_type,
         "choose another way to sign in with --method"},
    Word{"unsupported_response_type",
         ErrorCode::oauth2_unsupported_grant_type,
         "choose another way to sign in with --method"},
    Word{"invalid_scope",
         ErrorCode::oauth2_invalid_scope,
         "ask for scopes that the client is registered for: atlink profile set NAME --scope SCOPE"},
    Word{"access_denied",
         ErrorCode::login_denied,
         "sign in again and allow access, if that was a mistake"},
    Word{"server_error", ErrorCode::answer_server_error, "try again later"},
    Word{"temporarily_unavailable", ErrorCode::answer_server_error, "try again later"},
};

/// The word of the RFC that the server's own one stands for.
std::string_view meant(const OAuth2Rules& rules, std::string_view word) {
  for (const auto& [theirs, standard] : rules.error_words) {
    if (theirs == word) {
      return standard;
    }
  }
  return word;
}

Word known(std::string_view word) {
  for (const Word& each : words) {
    if (each.word == word) {
      return each;
    }
  }
  return {word, ErrorCode::oauth2_error_other, "see what the server's documentation says of it"};
}

}  // namespace

Error to_error(const OAuth2Rules& rules,
               std::string_view word,
               std::string_view description,
               std::string_view next_on_invalid_grant) {
  const Word found = known(meant(rules, word));
  const bool grant = found.code == ErrorCode::oauth2_invalid_grant;
  const std::string_view next =
      grant && !next_on_invalid_grant.empty() ? next_on_invalid_grant : found.next;
  const std::string said = description.empty() ? "" : ": " + printable(description, 300);
  return make_error(found.code,
                    fmt::format("the authorization server says {}{}", printable(word, 60), said),
                    std::string(next))
      .with("oauth2_error", printable(word, 60));
}

}  // namespace atlink::oauth2
