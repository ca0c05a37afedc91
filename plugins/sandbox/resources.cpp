// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/resources.h"

#include "atlink/url.h"
#include "plugins/sandbox/guard.h"
#include "plugins/sandbox/signals.h"

#include <utility>

namespace atlink::plugins::sandbox {

Resources::Resources(const DanceParts& parts, Testdata testdata, ResourceOptions options)
    : product_(parts.product),
      offers_oauth1_(parts.rules.holds(options.version)),
      gate_(parts, std::move(options.user)),
      limits_(parts.product.rate_limit),
      probes_(parts.product, {options.version, options.version_chosen, options.closed_probes}),
      files_(parts.product, std::move(testdata.files), options.version, std::move(options.ticket)),
      documents_(parts.product, std::move(testdata), options.version) {}

ServerResponse Resources::answer(const Visit& visit, std::string_view path, bool as_nobody) {
  if (auto refused = refuse_forged(product_, visit)) {
    add_limits(visit, false, *refused);
    return *std::move(refused);
  }
  Admission admission;
  if (offers_oauth1_ && !as_nobody) {
    admission = gate_.admit(visit);
  }
  if (admission.problem) {
    return problem_answer(visit.base_url, *admission.problem);
  }
  ServerResponse response = admitted(visit, path, admission.identity, as_nobody);
  if (response.status == 401 && !response.headers.find("WWW-Authenticate")) {
    response.headers.set("WWW-Authenticate", challenge(visit.base_url, nullptr));
  }
  add_identity(admission.identity, response);
  if (as_nobody) {
    add_signal(product_, ResponseSignal::Meaning::anonymous, visit, response);
  }
  add_limits(visit, false, response);
  return response;
}

ServerResponse Resources::admitted(const Visit& visit,
                                   std::string_view path,
                                   const Identity& identity,
                                   bool as_nobody) {
  if (identity.anonymous() && !as_nobody) {
    if (auto refused = probes_.refuse(visit)) {
      return *std::move(refused);
    }
    if (!is_open(visit, path)) {
      return error_answer(product_, 401, "you are not signed in");
    }
  }
  return serve(visit, path, identity);
}

bool Resources::is_open(const Visit& visit, std::string_view path) const {
  return documents_.is_anonymous(visit, path).value_or(probes_.knows(visit));
}

ServerResponse Resources::serve(const Visit& visit,
                                std::string_view path,
                                const Identity& identity) {
  if (path == std::string(admin_path) + "/echo") {
    return echo(visit, identity);
  }
  if (auto answer = files_.answer(visit, path)) {
    return *std::move(answer);
  }
  const std::string user = shown_user(identity);
  if (auto answer = documents_.answer(visit, path, user)) {
    probes_.correct(visit, *answer);
    return *std::move(answer);
  }
  if (auto answer = probes_.answer(visit, user)) {
    return *std::move(answer);
  }
  if (product_.identity && is_at(visit, product_.identity->endpoint)) {
    return who_am_i(identity);
  }
  return error_answer(product_, 404, "there is no such thing here");
}

ServerResponse Resources::who_am_i(const Identity& identity) const {
  const auto& pointers = product_.identity->json_pointers;
  return json_answer(200,
                     pointers.empty() ? json::Value(json::Object{})
                                      : value_at(pointers.front(), shown_user(identity)));
}

std::string Resources::shown_user(const Identity& identity) const {
  const bool has_word = product_.identity && !product_.identity->anonymous_values.empty();
  if (!identity.anonymous()) {
    return identity.user;
  }
  return has_word ? product_.identity->anonymous_values.front() : std::string();
}

void Resources::add_identity(const Identity& identity, ServerResponse& response) const {
  if (!product_.identity || product_.identity->header.empty()) {
    return;
  }
  const std::string user = shown_user(identity);
  response.headers.set(product_.identity->header,
                       product_.identity->header_percent_encoded ? percent_encode(user) : user);
}

}  // namespace atlink::plugins::sandbox
