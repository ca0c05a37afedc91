// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/site.h"

#include "atlink/html.h"
#include "atlink/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

/// What of `path` follows `front`, if it is `front` or lies below it.
std::optional<std::string_view> below(std::string_view path, std::string_view front) {
  if (path.substr(0, front.size()) != front) {
    return std::nullopt;
  }
  const std::string_view rest = path.substr(front.size());
  return rest.empty() || rest.front() == '/' ? std::optional(rest) : std::nullopt;
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

/// A page of another site may send a form here without being asked; a script never says where it
/// comes from.
bool is_from_another_site(const Visit& visit) {
  const auto origin = visit.request.headers.find("Origin");
  return origin && *origin != visit.origin && changes_something(visit.request.method);
}

}  // namespace

Site::Site(Platform platform, SandboxOptions options, Testdata testdata, std::string xsrf)
    : clock_(platform.clock),
      options_(std::move(options)),
      product_(options_.product),
      rules_(*product_.oauth1),
      context_(options_.context_path.value_or(product_.default_context_path)),
      tokens_(platform.random, rules_),
      checks_(rules_),
      parts_{product_, rules_, consumers_, tokens_, checks_},
      token_endpoints_(parts_),
      consent_(parts_, options_.user),
      admin_(parts_, std::move(xsrf)),
      gate_(parts_, options_.user),
      documents_(product_, std::move(testdata)) {}

Status Site::register_consumers() {
  for (const SandboxConsumer& consumer : options_.consumers) {
    ATLINK_ASSIGN([[maybe_unused]] const bool added, consumers_.put(consumer));
  }
  return {};
}

Visit Site::visit_of(const ServerRequest& request) {
  const std::string_view target = request.target;
  const std::size_t question = std::min(target.find('?'), target.size());
  // A front that speaks TLS says so; the Host is taken as the client named it, since that is what
  // it signed.
  const bool tls = request.headers.find("X-Forwarded-Proto").value_or("") == "https";
  const auto seconds = std::chrono::floor<std::chrono::seconds>(clock_.now().time_since_epoch());
  Visit visit{request, {}, {}, target.substr(0, question), {}, 0};
  visit.origin = fmt::format(
      "{}://{}", tls ? "https" : "http", request.headers.find("Host").value_or("127.0.0.1"));
  visit.base_url = visit.origin + context_;
  visit.query = target.substr(std::min(question + 1, target.size()));
  visit.now = seconds.count() + options_.clock_skew;
  return visit;
}

bool Site::is_at(const Visit& visit, const EndpointPath& endpoint) const {
  const bool on_site = endpoint.relative_to == EndpointPath::RelativeTo::site;
  if (visit.path != (on_site ? endpoint.path : context_ + endpoint.path)) {
    return false;
  }
  const FormFields query = parse_form(visit.query);
  return std::all_of(endpoint.query.begin(), endpoint.query.end(), [&](const auto& entry) {
    return form_value(query, entry.first) == entry.second;
  });
}

ServerResponse Site::handle(const ServerRequest& request) {
  const Visit visit = visit_of(request);
  if (is_at(visit, rules_.request_token)) {
    return token_endpoints_.request_token(visit);
  }
  if (is_at(visit, rules_.access_token)) {
    return token_endpoints_.access_token(visit);
  }
  if (is_at(visit, rules_.authorize)) {
    return consent_.authorize(visit);
  }
  const auto rest = below(visit.path, context_);
  if (!rest) {
    return text_answer(404, fmt::format("there is nothing here; the site is at {}\n", context_));
  }
  if (rest->empty() || *rest == "/") {
    return admin_.home(visit);
  }
  if (const auto part = below(*rest, admin_path)) {
    return sandbox_part(visit, *part);
  }
  return resource(visit, *rest);
}

ServerResponse Site::sandbox_part(const Visit& visit, std::string_view rest) {
  if (rest == "/echo") {
    return resource(visit, std::string(admin_path) + "/echo");
  }
  if (rest == "/consumers") {
    return admin_.list(visit);
  }
  if (is_from_another_site(visit)) {
    return error_answer(product_, 403, "a page of another site may not do this");
  }
  if (rest == "/decide") {
    return consent_.decide(visit);
  }
  const auto key = below(rest, "/consumers");
  if (key && key->size() > 1) {
    return admin_.one(visit, percent_decode(key->substr(1)));
  }
  return error_answer(product_, 404, "there is no such thing here");
}

ServerResponse Site::resource(const Visit& visit, std::string_view rest) {
  Admission admission = gate_.admit(visit);
  if (admission.problem) {
    return problem_answer(visit.base_url, *admission.problem);
  }
  const Identity& identity = admission.identity;
  ServerResponse response;
  if (identity.anonymous() && !documents_.is_anonymous(visit, rest)) {
    response = error_answer(product_, 401, "you are not signed in");
  } else {
    response = serve(visit, rest, identity);
  }
  if (response.status == 401 && !response.headers.find("WWW-Authenticate")) {
    response.headers.set("WWW-Authenticate", challenge(visit.base_url, nullptr));
  }
  add_identity(identity, response);
  return response;
}

ServerResponse Site::serve(const Visit& visit, std::string_view rest, const Identity& identity) {
  if (rest == std::string(admin_path) + "/echo") {
    return echo(visit, identity);
  }
  if (auto answer = documents_.answer(visit, rest, shown_user(identity))) {
    return *std::move(answer);
  }
  if (product_.identity && is_at(visit, product_.identity->endpoint)) {
    return who_am_i(identity);
  }
  return error_answer(product_, 404, "there is no such thing here");
}

ServerResponse Site::who_am_i(const Identity& identity) const {
  const auto& pointers = product_.identity->json_pointers;
  return json_answer(200,
                     pointers.empty() ? json::Value(json::Object{})
                                      : value_at(pointers.front(), shown_user(identity)));
}

std::string Site::shown_user(const Identity& identity) const {
  const bool has_word = product_.identity && !product_.identity->anonymous_values.empty();
  if (!identity.anonymous()) {
    return identity.user;
  }
  return has_word ? product_.identity->anonymous_values.front() : std::string();
}

void Site::add_identity(const Identity& identity, ServerResponse& response) const {
  if (!product_.identity || product_.identity->header.empty()) {
    return;
  }
  const std::string user = shown_user(identity);
  response.headers.set(product_.identity->header,
                       product_.identity->header_percent_encoded ? percent_encode(user) : user);
}

}  // namespace atlink::plugins::sandbox
