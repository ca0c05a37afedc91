// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

#include <charconv>
#include <string_view>

namespace atlink::cli {

namespace {

// The oauth_problem values: what the person has to do decides. A link that does not fit our keys is
// configuration; a token that no longer counts is a new sign-in.
ExitCode of_oauth_problem(ErrorCode code) {
  switch (code) {
    case ErrorCode::oauth1_signature_method_rejected:
    case ErrorCode::oauth1_signature_invalid:
    case ErrorCode::oauth1_consumer_key_unknown:
    case ErrorCode::oauth1_consumer_key_rejected:
    case ErrorCode::oauth1_insecure:
      return exit_configuration;
    case ErrorCode::oauth1_token_rejected:
    case ErrorCode::oauth1_token_expired:
    case ErrorCode::oauth1_token_used:
    case ErrorCode::oauth1_token_revoked:
    case ErrorCode::oauth1_permission_unknown:
    case ErrorCode::oauth1_additional_authorization_required:
      return exit_sign_in;
    case ErrorCode::oauth1_permission_denied:
    case ErrorCode::oauth1_consumer_key_refused:
    case ErrorCode::oauth1_user_refused:
    case ErrorCode::oauth1_token_not_authorized:
      return exit_not_allowed;
    case ErrorCode::oauth1_version_rejected:
    case ErrorCode::oauth1_parameter_absent:
    case ErrorCode::oauth1_parameter_rejected:
    case ErrorCode::oauth1_timestamp_refused:
    case ErrorCode::oauth1_nonce_used:
    case ErrorCode::oauth1_problem_other:
      return exit_refused;
    default:
      return exit_failed;
  }
}

// The same for the errors of OAuth 2.0.
ExitCode of_oauth2_error(ErrorCode code) {
  switch (code) {
    case ErrorCode::oauth2_invalid_client:
    case ErrorCode::oauth2_unauthorized_client:
    case ErrorCode::oauth2_unsupported_grant_type:
    case ErrorCode::oauth2_invalid_scope:
      return exit_configuration;
    case ErrorCode::oauth2_invalid_grant:
      return exit_sign_in;
    case ErrorCode::oauth2_invalid_request:
    case ErrorCode::oauth2_error_other:
      return exit_refused;
    default:
      return exit_failed;
  }
}

ExitCode of_answer(ErrorCode code) {
  switch (code) {
    case ErrorCode::answer_truncated:
    case ErrorCode::answer_pages_repeat:
      return exit_truncated;
    case ErrorCode::answer_login_page:
    case ErrorCode::answer_captcha:
    case ErrorCode::answer_unauthorized:
      return exit_sign_in;
    case ErrorCode::answer_forbidden:
    case ErrorCode::answer_xsrf:
      return exit_not_allowed;
    case ErrorCode::answer_not_found:
      return exit_not_found;
    case ErrorCode::answer_conflict:
    case ErrorCode::answer_invalid:
      return exit_refused;
    case ErrorCode::answer_rate_limited:
      return exit_rate_limited;
    case ErrorCode::answer_server_error:
      return exit_server_error;
    default:
      return exit_failed;
  }
}

ExitCode of_link(ErrorCode code) {
  switch (code) {
    case ErrorCode::link_exists:
    case ErrorCode::link_key_refused:
      return exit_refused;
    case ErrorCode::link_missing:
      return exit_not_found;
    case ErrorCode::link_session:
      return exit_not_allowed;
    case ErrorCode::link_outgoing_only:
    case ErrorCode::link_external:
      return exit_configuration;
    default:
      return exit_failed;
  }
}

ExitCode of_sign_in(ErrorCode code) {
  switch (code) {
    case ErrorCode::login_denied:
      return exit_not_allowed;
    case ErrorCode::credential_read_only:
    case ErrorCode::consumer_missing:
    case ErrorCode::method_unavailable:
    case ErrorCode::method_no_signature:
    case ErrorCode::credential_insecure:
    case ErrorCode::origin_not_agreed:
    case ErrorCode::login_site_unclear:
    case ErrorCode::store_passphrase:
    case ErrorCode::store_locked:
    case ErrorCode::store_unavailable:
    case ErrorCode::store_occupied:
      return exit_configuration;
    case ErrorCode::store_conflict:
      return exit_refused;
    case ErrorCode::store_failed:
    case ErrorCode::store_timeout:
    case ErrorCode::listen_failed:
      return exit_failed;
    case ErrorCode::credential_expires_soon:
      return exit_expires_soon;
    default:
      return exit_sign_in;
  }
}

ExitCode of_program(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::no_terminal:
      return exit_usage;
    case ErrorCode::cancelled:
      return exit_interrupted;
    case ErrorCode::module_missing:
      return exit_configuration;
    case ErrorCode::output_closed:
      return exit_output_closed;
    default:
      return exit_failed;
  }
}

// URLs, headers and paths come from the command line; what stands in files is reported as
// profile_invalid or plugin_invalid. Texts to convert are what is refused as invalid.
ExitCode of_setting(ErrorCode code) {
  switch (code) {
    case ErrorCode::url_invalid:
    case ErrorCode::url_other_origin:
    case ErrorCode::url_context_doubled:
    case ErrorCode::header_invalid:
      return exit_usage;
    case ErrorCode::native_failed:
      return exit_failed;
    case ErrorCode::site_unknown:
      return exit_not_found;
    case ErrorCode::site_ambiguous:
    case ErrorCode::conversion_refused:
      return exit_refused;
    default:
      return exit_configuration;
  }
}

}  // namespace

ExitCode exit_code_of(ErrorCode code) {
  switch (static_cast<int>(code) / 100) {
    case 1:
      return of_program(code);
    case 2:
      return code == ErrorCode::file_io ? exit_failed : exit_configuration;
    case 3:
      return of_setting(code);
    case 4:
      return exit_configuration;
    case 5:
      return of_sign_in(code);
    case 6:
      return static_cast<int>(code) >= 650 ? of_oauth2_error(code) : of_oauth_problem(code);
    case 7:
      return exit_network;
    case 8:
      return of_answer(code);
    case 9:
      return of_link(code);
    default:
      return exit_failed;
  }
}

int exit_code_of(const Error& error) {
  const std::string_view signal = error.fact("signal");
  int number = 0;
  const auto [stop, problem] =
      std::from_chars(signal.data(), signal.data() + signal.size(), number);
  const bool counts = error.code == ErrorCode::cancelled && problem == std::errc() && number > 0;
  return counts ? 128 + number : exit_code_of(error.code);
}

}  // namespace atlink::cli
