// SPDX-License-Identifier: Apache-2.0
// What the answer of the request-token endpoint says of the link.
#include "atlink/text.h"
#include "cli/doctor/judge.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink::cli::doctor {

namespace {

bool is_oauth(ErrorCode code) {
  return static_cast<int>(code) / 100 == 6 && code != ErrorCode::oauth1_token_absent;
}

const Error* refused_with(const Evidence& evidence, std::initializer_list<ErrorCode> codes) {
  const Error* refusal = evidence.refusal();
  const bool is =
      refusal != nullptr && std::find(codes.begin(), codes.end(), refusal->code) != codes.end();
  return is ? refusal : nullptr;
}

// What can be said while the server has not got as far as this question.
Finding not_told(const Evidence& evidence, std::string passed) {
  if (evidence.link_works()) {
    return pass(std::move(passed));
  }
  return skip(evidence.token_calls.empty() ? "the server was not asked"
                                           : "the server did not get as far as this");
}

bool works_by_query(const Evidence& evidence) {
  const auto& calls = evidence.token_calls;
  return calls.size() > 1 && (!calls[1].error || is_oauth(calls[1].error->code)) &&
         (!calls[1].error || calls[1].error->code != ErrorCode::oauth1_parameter_absent);
}

std::string endpoint_settings(const Evidence& evidence) {
  const OAuth1Rules& rules = *evidence.product->oauth1;
  const bool at_base = rules.request_token.relative_to == EndpointPath::RelativeTo::base;
  const char* const to = at_base ? "site" : "base";
  return fmt::format(
      "atlink profile set {} --set request_token={}:{} --set authorize={}:{} --set "
      "access_token={}:{}",
      evidence.profile,
      to,
      rules.request_token.path,
      to,
      rules.authorize.path,
      to,
      rules.access_token.path);
}

bool is_of_network(ErrorCode code) {
  return static_cast<int>(code) / 100 == static_cast<int>(ErrorCode::network_refused) / 100;
}

std::string next_without_endpoint(const Evidence& evidence, const Error& refusal) {
  if (evidence.other_place_answers) {
    return endpoint_settings(evidence);
  }
  if (is_of_network(refusal.code)) {
    return "the server answers other requests and not this one: have whoever runs it look into its "
           "log, and at what stands in front of it, then: " +
           command(evidence, "doctor");
  }
  switch (refusal.code) {
    case ErrorCode::answer_login_page:
    case ErrorCode::answer_not_found:
    case ErrorCode::answer_redirect:
    case ErrorCode::answer_not_understood:
    case ErrorCode::oauth1_token_absent:
      return fmt::format("find out what the site is, and where: atlink detect {}",
                         shell_word(evidence.base->site().origin()));
    default:
      return {};
  }
}

std::string why_no_endpoint(const Evidence& evidence, const Error& refusal) {
  if (evidence.other_place_answers) {
    const bool at_base =
        evidence.product->oauth1->request_token.relative_to == EndpointPath::RelativeTo::base;
    return at_base ? "; below the site, without the context path, it does answer"
                   : "; below the base URL, with the context path, it does answer";
  }
  if (refusal.code == ErrorCode::answer_login_page) {
    return "; a web page means a wrong base URL or context path, or a sign-on in front of the "
           "server";
  }
  return {};
}

// The server says the same to whoever asks by a signature; an administrator sees more.
std::optional<Finding> by_administrator(const Evidence& evidence) {
  if (!evidence.link_seen) {
    return std::nullopt;
  }
  const LinkSeen& seen = *evidence.link_seen;
  const std::string name = printable(seen.name, 80);
  switch (seen.state) {
    case LinkSeen::State::outgoing_only:
      return failed(make_error(ErrorCode::link_outgoing_only,
                               fmt::format("the server has the link of consumer key {}, named {}, "
                                           "without an incoming side: it lets nobody in",
                                           evidence.settings->consumer_key,
                                           name)),
                    command(evidence, "link create"));
    case LinkSeen::State::external:
      return failed(
          make_error(ErrorCode::link_external,
                     fmt::format("{} is registered at the server as an external "
                                 "application, which is for OAuth 2.0; it is no link, and "
                                 "consumer key {} is not known",
                                 name,
                                 evidence.settings->consumer_key)),
          command(evidence, "link create"));
    case LinkSeen::State::whole:
    case LinkSeen::State::none:
      break;
  }
  return failed(make_error(ErrorCode::oauth1_consumer_key_unknown,
                           fmt::format("the server does not know the consumer key {}, and has no "
                                       "link of this profile",
                                       evidence.settings->consumer_key)),
                command(evidence, "link create"));
}

}  // namespace

Finding check_endpoint(const Evidence& evidence) {
  const Error* refusal = evidence.refusal();
  if (refusal != nullptr && !is_oauth(refusal->code) && !works_by_query(evidence)) {
    Error cause = *refusal;
    cause.message += why_no_endpoint(evidence, *refusal);
    return failed(std::move(cause), next_without_endpoint(evidence, *refusal));
  }
  if (evidence.token_calls.empty()) {
    return skip("the server was not asked");
  }
  const bool usual = evidence.knock->status == 200 && evidence.knock->body_size == 0;
  return pass(usual ? "it answers GET with an empty 200, as it should" : "it speaks OAuth");
}

Finding check_method(const Evidence& evidence) {
  if (evidence.token_calls.empty()) {
    return skip("the server was not asked");
  }
  const Error* refusal = refused_with(
      evidence, {ErrorCode::oauth1_signature_method_rejected, ErrorCode::oauth1_insecure});
  if (refusal == nullptr) {
    const Error* any = evidence.refusal();
    return any != nullptr && is_oauth(any->code)
               ? pass(std::string(oauth1::wire_name(*evidence.method)))
               : not_told(evidence, std::string(oauth1::wire_name(*evidence.method)));
  }
  const auto& ways = evidence.product->oauth1->signature_methods;
  const bool chosen = *evidence.method != ways.front();
  return failed(*refusal,
                chosen && refusal->code == ErrorCode::oauth1_signature_method_rejected
                    ? change(evidence,
                             "--signature-method",
                             "ATLINK_SIGNATURE_METHOD",
                             oauth1::wire_name(ways.front()))
                    : std::string());
}

Finding check_transmission(const Evidence& evidence) {
  const auto way = oauth1::to_string(evidence.transmission);
  if (works_by_query(evidence)) {
    Error cause = *evidence.refusal();
    cause.message +=
        "; with the OAuth parameters in the query they arrive, so something in front of the server "
        "drops the Authorization header";
    return failed(std::move(cause), change(evidence, "--transmission", "", "query"));
  }
  if (const Error* absent = refused_with(evidence, {ErrorCode::oauth1_parameter_absent})) {
    return failed(*absent);
  }
  if (evidence.user_call && evidence.user_call->by_query) {
    Error cause = *evidence.user_call->error;
    cause.message +=
        "; with the OAuth parameters in the query it knows the user, so something in "
        "front of the server drops the Authorization header";
    return failed(std::move(cause), change(evidence, "--transmission", "", "query"));
  }
  const Error* any = evidence.refusal();
  const std::string arrived = fmt::format("they arrive by {}", way);
  return any != nullptr && is_oauth(any->code) ? pass(arrived) : not_told(evidence, arrived);
}

Finding check_consumer(const Evidence& evidence) {
  if (evidence.token_calls.empty()) {
    return skip("the server was not asked");
  }
  const Error* refusal = refused_with(evidence,
                                      {ErrorCode::oauth1_consumer_key_unknown,
                                       ErrorCode::oauth1_consumer_key_rejected,
                                       ErrorCode::oauth1_consumer_key_refused});
  if (refusal == nullptr) {
    const bool known = refused_with(evidence,
                                    {ErrorCode::oauth1_signature_invalid,
                                     ErrorCode::oauth1_timestamp_refused,
                                     ErrorCode::oauth1_nonce_used,
                                     ErrorCode::oauth1_permission_denied}) != nullptr;
    const std::string message = fmt::format("{} is known", evidence.settings->consumer_key);
    return known ? pass(message) : not_told(evidence, message);
  }
  if (refusal->code != ErrorCode::oauth1_consumer_key_unknown) {
    return failed(*refusal);
  }
  if (auto seen = by_administrator(evidence)) {
    return *std::move(seen);
  }
  Error cause = *refusal;
  cause.message = fmt::format(
      "the server does not know the consumer key {}: there is no link with it at this site, or its "
      "incoming side was not filled in (only the outgoing one), or it was made as an external "
      "application, which is for OAuth 2.0 and has a client id instead",
      evidence.settings->consumer_key);
  if (evidence.link_seen_error) {
    cause.message += fmt::format("; which of these could not be found out: {}",
                                 evidence.link_seen_error->message);
  }
  return failed(std::move(cause), command(evidence, "link show"));
}

Finding check_signature(const Evidence& evidence) {
  const Error* refusal = refused_with(evidence, {ErrorCode::oauth1_signature_invalid});
  if (refusal == nullptr) {
    return not_told(evidence, "the keys belong together");
  }
  const auto compared = compare_base_strings(evidence);
  if (evidence.seen_as || (compared && compared->difference)) {
    return skip("the server saw another request");
  }
  Error cause = *refusal;
  if (compared) {
    cause.code = ErrorCode::key_mismatch;
    cause.message =
        "server and client sign the same text, so the key in the link does not belong "
        "to the one of this profile";
  } else {
    cause.message +=
        "; most often the public key in the link does not belong to this profile's "
        "private key, else the address at which the server sees the request is "
        "another one";
  }
  return failed(std::move(cause), command(evidence, "link show"));
}

Finding check_link(const Evidence& evidence) {
  const Error* refusal = evidence.refusal();
  const bool judged_above = refusal == nullptr || !is_oauth(refusal->code) ||
                            refused_with(evidence,
                                         {ErrorCode::oauth1_signature_method_rejected,
                                          ErrorCode::oauth1_insecure,
                                          ErrorCode::oauth1_parameter_absent,
                                          ErrorCode::oauth1_consumer_key_unknown,
                                          ErrorCode::oauth1_consumer_key_rejected,
                                          ErrorCode::oauth1_consumer_key_refused,
                                          ErrorCode::oauth1_signature_invalid,
                                          ErrorCode::oauth1_timestamp_refused}) != nullptr;
  if (judged_above) {
    return not_told(evidence, "the server gives temporary credentials");
  }
  if (evidence.settings->two_legged && refusal->code == ErrorCode::oauth1_permission_denied) {
    return pass("signed requests without a user only");
  }
  if (refusal->code == ErrorCode::oauth1_permission_denied) {
    // Nobody was asked yet who could have denied it.
    Error cause = *refusal;
    cause.message += "; the link does not allow sign-ins of users";
    return failed(std::move(cause),
                  "have an administrator of the site allow sign-ins of users (three-legged OAuth) "
                  "in the incoming side of the link, then: " +
                      command(evidence, "doctor"));
  }
  return failed(*refusal);
}

}  // namespace atlink::cli::doctor
