// SPDX-License-Identifier: Apache-2.0
#include "cli/administrator.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/doctor/judge.h"
#include "cli/doctor/present.h"
#include "cli/or_null.h"
#include "cli/private_key.h"

#include <fmt/format.h>

namespace atlink::cli::commands {

namespace {

using doctor::Diagnosis;
using doctor::Evidence;

json::Value tried(const Evidence& evidence) {
  json::Array ways;
  for (const doctor::TokenCall& call : evidence.token_calls) {
    json::Value object;
    object.set("transmission", oauth1::to_string(call.transmission));
    object.set("answer", call.error ? json::Value(name_of(call.error->code)) : json::Value());
    ways.push_back(std::move(object));
  }
  return ways;
}

std::string endpoint_url(const Evidence& evidence) {
  if (!evidence.base || !evidence.method) {
    return {};
  }
  const auto url = evidence.base->at(evidence.product->oauth1->request_token);
  return url ? url->str() : std::string();
}

json::Value to_document(const Evidence& evidence, const Diagnosis& diagnosis) {
  const auto skew = clock_skew(evidence);
  json::Value object;
  object.set("profile", evidence.profile);
  object.set("base_url", evidence.base ? json::Value(evidence.base->str()) : json::Value());
  object.set("consumer_key",
             evidence.settings ? or_null(evidence.settings->consumer_key) : json::Value());
  object.set("signature_method",
             evidence.method ? json::Value(oauth1::wire_name(*evidence.method)) : json::Value());
  object.set("request_token_url", or_null(endpoint_url(evidence)));
  object.set("works", !diagnosis.cause);
  object.set("clock_skew_seconds", skew ? json::Value(*skew) : json::Value());
  object.set("tried", tried(evidence));
  object.set("other_place_answers", evidence.other_place_answers);
  object.set("checks", checks_to_json(diagnosis));
  return object;
}

Status run(Call& call) {
  ATLINK_ASSIGN(const Evidence evidence, doctor::gather(call, doctor::Scope::link));
  if (!evidence.has_link()) {
    return fail(ErrorCode::method_no_signature,
                fmt::format("profile {} signs in by {}, for which there is no link",
                            evidence.profile,
                            to_string(evidence.way)),
                fmt::format("see whether it works: atlink doctor --profile {}", evidence.profile));
  }
  const Diagnosis diagnosis = doctor::judge(evidence, doctor::Scope::link);
  ATLINK_CHECK(call.report.json() ? call.report.document(to_document(evidence, diagnosis))
                                  : call.report.bytes(checks_to_text(diagnosis)));
  if (diagnosis.cause) {
    return fail(*diagnosis.cause);
  }
  call.report.note("the link works: the server gave temporary credentials, which were thrown away");
  return {};
}

constexpr std::array options{admin_user_option, admin_secret_option, passphrase_option};
constexpr std::array examples{
    Example{"atlink link check", "whether the link is right, before anybody signs in"},
    Example{"atlink link check --profile work --output json", "the same for a script"},
};

}  // namespace

const Command link_check{
    "link check",
    "prove the link by a signed request, before any sign-in",
    "Asks for temporary credentials, throws them away, and explains a refusal: an unknown "
    "consumer, "
    "keys that do not belong together, the signature method, the clocks, a wrong base URL, "
    "parameters that do not arrive. Where the header does not arrive the query is tried, and below "
    "a context path the endpoint's other place.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
