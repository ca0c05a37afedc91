// SPDX-License-Identifier: Apache-2.0
// What the credential decides.
#include "atlink/text.h"
#include "cli/doctor/judge.h"
#include "cli/method.h"

#include <fmt/format.h>

namespace atlink::cli::doctor {

namespace {

bool is_refused_token(ErrorCode code) {
  return static_cast<int>(code) / 100 == 6 || code == ErrorCode::answer_unauthorized;
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
  if (evidence.settings->two_legged) {
    return refused_alone(evidence, *error);
  }
  if (auto off = switched_off(evidence, *error)) {
    return *std::move(off);
  }
  const bool about_token = error->code != ErrorCode::oauth1_signature_invalid;
  return failed(*error, about_token ? sign_in_again(evidence) : std::string());
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
  if (is_refused_token(error->code)) {
    return skip("the token is refused");
  }
  if (evidence.settings->two_legged && error->code == ErrorCode::credential_anonymous) {
    return refused_alone(evidence, *error);
  }
  return failed(*error);
}

}  // namespace atlink::cli::doctor
