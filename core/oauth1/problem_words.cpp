// SPDX-License-Identifier: Apache-2.0
#include "core/oauth1/problem_words.h"

#include <array>

namespace atlink::oauth1 {

namespace {

constexpr std::array<ProblemWord, 20> words{{
    {"version_rejected",
     ErrorCode::oauth1_version_rejected,
     "check that the address is the site's own OAuth 1.0a endpoint; a site that offers OAuth 2.0 "
     "only needs another sign-in method"},
    {"parameter_absent",
     ErrorCode::oauth1_parameter_absent,
     "check that no proxy in front of the site drops the Authorization header; if one does, let "
     "the OAuth parameters travel in the query"},
    {"parameter_rejected",
     ErrorCode::oauth1_parameter_rejected,
     "for oauth_callback use an absolute http or https URL, or sign in with \"oob\"; for others "
     "make sure that no OAuth parameter is in the URL or form as well as in the header"},
    {"timestamp_refused",
     ErrorCode::oauth1_timestamp_refused,
     "set this machine's clock (timedatectl shows whether it is synchronised), or have the "
     "server's set right"},
    {"signature_method_rejected",
     ErrorCode::oauth1_signature_method_rejected,
     "use the signature method that the consumer is registered with; where that is a public key, "
     "RSA-SHA1"},
    {"nonce_used",
     ErrorCode::oauth1_nonce_used,
     "run it again; if it happens each time, something between here and the server sends requests "
     "twice"},
    {"signature_invalid",
     ErrorCode::oauth1_signature_invalid,
     "compare the public key that is registered at the site with this profile's (atlink link "
     "show); if it is the same, the profile's URL must be the site's own base URL to the letter, "
     "and a proxy in front of the site has to pass scheme, host and port on"},
    {"consumer_key_unknown",
     ErrorCode::oauth1_consumer_key_unknown,
     "have an administrator register the consumer at this very site, since sites do not share "
     "them; "
     "atlink link show prints what to enter where. If it worked before, the registration was "
     "deleted "
     "or got another key, and tokens went with it: sign in again afterwards"},
    {"consumer_key_rejected",
     ErrorCode::oauth1_consumer_key_rejected,
     "have an administrator of the site look at the consumer's registration, and compare it with "
     "atlink link show"},
    {"consumer_key_refused",
     ErrorCode::oauth1_consumer_key_refused,
     "try again later; if it stays, ask an administrator of the site why the consumer is held "
     "back"},
    {"token_rejected",
     ErrorCode::oauth1_token_rejected,
     "sign in again with atlink login: a token ends when somebody revokes it, and when the "
     "consumer's registration is edited or made anew; if a new one does not last, have an "
     "administrator of the site delete the registration and make it anew"},
    {"token_expired", ErrorCode::oauth1_token_expired, "sign in again with atlink login"},
    {"token_used",
     ErrorCode::oauth1_token_used,
     "start over with atlink login; each sign-in gives its code once"},
    {"token_revoked", ErrorCode::oauth1_token_revoked, "sign in again with atlink login"},
    {"permission_unknown",
     ErrorCode::oauth1_permission_unknown,
     "open the address that atlink login printed, press Allow there, then finish the sign-in"},
    {"permission_denied",
     ErrorCode::oauth1_permission_denied,
     "if it was refused by mistake, start over with atlink login and press Allow; otherwise ask an "
     "administrator of the site to let the consumer sign in the way it does (with or without a "
     "user)"},
    {"user_refused",
     ErrorCode::oauth1_user_refused,
     "try again later; if it stays, ask an administrator of the site whether the user may sign in"},
    {"additional_authorization_required",
     ErrorCode::oauth1_additional_authorization_required,
     "start over with atlink login and approve what the page asks for"},
    {"token_not_authorized",
     ErrorCode::oauth1_token_not_authorized,
     "sign in as a user who may do this, or ask an administrator of the site for the permission"},
    {"",
     ErrorCode::oauth1_problem_other,
     "the words are the server's; its administrator finds more in the server's log at this time"},
}};

}  // namespace

const ProblemWord& problem_word(std::string_view word) {
  for (const ProblemWord& entry : words) {
    if (entry.word == word) {
      return entry;
    }
  }
  return words.back();
}

const ProblemWord& problem_word(ErrorCode code) {
  for (const ProblemWord& entry : words) {
    if (entry.code == code) {
      return entry;
    }
  }
  return words.back();
}

}  // namespace atlink::oauth1
