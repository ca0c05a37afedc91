// SPDX-License-Identifier: Apache-2.0
// What the credential decides.
#include "atlink/text.h"
#include "cli/doctor/judge.h"
#include "cli/method.h"
#include "cli/shell.h"

#include <fmt/format.h>

namespace atlink::cli::doctor {

namespace {

bool is_refused_token(ErrorCode code) {
  return static_cast<int>(code) / 100 == 6 || code == ErrorCode::answer_unauthorized;
}

// Other refusals of a signed request would meet the next token, too.
bool is_mended_by_login(ErrorCode code) {
  switch (code) {
    case ErrorCode::answer_unauthorized:
    case ErrorCode::oauth1_token_rejected:
    case ErrorCode::oauth1_token_expired:
    case ErrorCode::oauth1_token_revoked:
    case ErrorCode::oauth1_token_used:
    case ErrorCode::oauth1_token_not_authorized:
    case ErrorCode::oauth1_permission_unknown:
    case ErrorCode::oauth1_permission_denied:
    case ErrorCode::oauth1_additional_authorization_required:
      return true;
    default:
      return false;
  }
}

std::string sign_in_again(const Evidence& evidence) {
  return evidence.sign_in.read_only
             ? fmt::format("put a new one into {}",
                           evidence.has_link() ? "ATLINK_OAUTH_TOKEN and ATLINK_OAUTH_TOKEN_SECRET"
                                               : "the variable that gives it")
             : command(evidence, "login");
}

// Without a user it is the link that lets a consumer in or does not.
Finding refused_alone(const Evidence& evidence, const Error& error) {
  Error cause = error;
  cause.message += "; requests without a user have to be allowed in the link (two-legged)";
  return failed(std::move(cause), command(evidence, "link show"));
}

Finding without_credential(const Evidence& evidence) {
  Error cause = *evidence.sign_in.error;
  if (cause.code == ErrorCode::credential_missing && evidence.sign_in.begun_at) {
    cause.message = fmt::format(
        "the sign-in that was begun at {} was never finished: nobody allowed access, or access was "
        "denied, or the code was not given",
        to_rfc3339(*evidence.sign_in.begun_at));
  }
  return failed(std::move(cause), sign_in_again(evidence));
}

// Servers that take no passwords any more say nothing but that nobody is signed in.
std::optional<Finding> switched_off(const Evidence& evidence, const Error& error) {
  const plugins::Found* found = found_here(evidence);
  const bool off = evidence.way == SignInMethod::basic && found != nullptr &&
                   error.code == ErrorCode::answer_unauthorized &&
                   is_switched_off(*evidence.product, found->version);
  if (!off) {
    return std::nullopt;
  }
  Error cause =
      make_error(ErrorCode::method_unavailable,
                 fmt::format("{} {} takes no passwords over Basic unless an administrator has "
                             "switched that on (from {} on), and refuses this one: {}",
                             evidence.product->name,
                             printable(found->version, 40),
                             evidence.product->basic->off_from,
                             error.message));
  return failed(std::move(cause),
                evidence.product->token
                    ? fmt::format("{} --method token", command(evidence, "login"))
                    : "ask an administrator whether Basic is switched on");
}

// No credential goes there, so that the answer says nothing of it.
Finding sent_elsewhere(const Evidence& evidence, const std::string& origin, const Error& error) {
  return failed(make_error(
      ErrorCode::answer_redirect,
      fmt::format("{} sends the question who is signed in on to {}, where no credential goes: {}",
                  evidence.base->str(),
                  origin,
                  error.message),
      fmt::format("have a single sign-on in front of the server let requests with a credential "
                  "pass; if the site has moved: atlink detect {}",
                  shell_word(origin))));
}

}  // namespace

Finding check_credential(const Evidence& evidence) {
  if (!evidence.opened()) {
    return skip("needs a profile and a key");
  }
  if (evidence.settings->two_legged) {
    return skip("requests go without a user");
  }
  if (evidence.sign_in.error) {
    return without_credential(evidence);
  }
  const auto& end = evidence.sign_in.expires_at;
  return pass(end ? fmt::format("there is one, until {}", to_rfc3339(*end)) : "there is one");
}

Finding check_token(const Evidence& evidence) {
  if (!evidence.user_call) {
    return skip("the server was not asked");
  }
  const auto& error = evidence.user_call->error;
  if (!error || !is_refused_token(error->code)) {
    return error && error->code == ErrorCode::credential_anonymous
               ? skip("the server did not look at it")
               : pass("the server takes it");
  }
  if (!evidence.user_call->answered_elsewhere.empty()) {
    return skip("the site sends the question on to another host");
  }
  if (evidence.settings->two_legged) {
    return refused_alone(evidence, *error);
  }
  if (auto off = switched_off(evidence, *error)) {
    return *std::move(off);
  }
  if (error->code == ErrorCode::oauth1_token_expired && evidence.sign_in.renewable) {
    return failed(*error, command(evidence, "renew"));
  }
  return failed(*error, is_mended_by_login(error->code) ? sign_in_again(evidence) : std::string());
}

Finding check_user(const Evidence& evidence) {
  if (!evidence.user_call) {
    return skip("the server was not asked");
  }
  const auto& error = evidence.user_call->error;
  if (!error) {
    return pass(evidence.user_call->user);
  }
  if (error->code == ErrorCode::product_unsupported) {
    return skip("the product has no address that says so");
  }
  if (const std::string& other = evidence.user_call->answered_elsewhere; !other.empty()) {
    return sent_elsewhere(evidence, other, *error);
  }
  if (is_refused_token(error->code)) {
    return skip("the token is refused");
  }
  if (evidence.settings->two_legged && error->code == ErrorCode::credential_anonymous) {
    return refused_alone(evidence, *error);
  }
  if (error->code == ErrorCode::answer_not_understood && evidence.seen.back().html) {
    return failed(
        make_error(ErrorCode::answer_login_page,
                   fmt::format("{} answered with a page for people, most likely one to log in, and "
                               "not with who is signed in",
                               evidence.seen.back().url),
                   "have a single sign-on in front of the server let requests with a credential "
                   "pass; else check the profile's base URL and context path"));
  }
  return failed(*error);
}

}  // namespace atlink::cli::doctor
