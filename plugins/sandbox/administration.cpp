// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/administration.h"

#include "atlink/url.h"
#include "plugins/sandbox/administrator.h"
#include "plugins/sandbox/path_pattern.h"
#include "plugins/sandbox/random_text.h"
#include "plugins/sandbox/signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

using Step = LinkRefusal::Step;
using Meaning = LinkRefusal::Meaning;

constexpr std::size_t most_links = 1000;
constexpr std::size_t longest_body = std::size_t{64} << 10;
constexpr std::string_view cookie_name = "SANDBOXSESSION";

/// A body in the shape of the call's, and what stands in it where the call has a {name}.
struct Values {
  bool fits = false;
  std::string application_url;
  std::string consumer_key;
  std::string consumer_name;
  std::string public_key;
  std::string type;

  void take(std::string_view name, const std::string& value) {
    if (name == "{application_url}") {
      application_url = value;
    } else if (name == "{consumer_key}") {
      consumer_key = value;
    } else if (name == "{consumer_name}") {
      consumer_name = value;
    } else {
      public_key = value;
    }
  }
};

// NOLINTNEXTLINE(misc-no-recursion): the reader of JSON bounds the depth
bool fit(const json::Value& wanted, const json::Value& given, Values& values) {
  const json::Object* members = wanted.as_object();
  if (members == nullptr) {
    const std::string* name = wanted.as_string();
    const bool open = name != nullptr && !name->empty() && name->front() == '{';
    if (!open || given.as_string() == nullptr) {
      return wanted == given;
    }
    values.take(*name, *given.as_string());
    return true;
  }
  return std::all_of(members->begin(), members->end(), [&](const auto& member) {
    const json::Value* other = given.find(member.first);
    return other != nullptr && fit(member.second, *other, values);
  });
}

Values values_in(const LinkCall& call, std::string_view body) {
  Values values;
  const auto document = json::parse(body, longest_body);
  values.fits = document && document->as_object() != nullptr && call.body &&
                fit(*call.body, *document, values);
  return values;
}

ServerResponse empty_answer(int status) {
  ServerResponse response;
  response.status = status;
  return response;
}

}  // namespace

Administration::Administration(const DanceParts& parts,
                               RandomSource& random,
                               std::string user,
                               bool secure_session)
    : parts_(parts), random_(random), user_(std::move(user)), secure_session_(secure_session) {}

std::vector<Administration::Route> Administration::routes() const {
  const LinkAdministration& rules = *parts_.product.link_administration;
  std::vector<Route> all{{rules.list.call, Step::list, &Administration::list},
                         {rules.create, Step::create, &Administration::create},
                         {rules.consumer, Step::consumer, &Administration::put_consumer},
                         {rules.remove, Step::remove, &Administration::remove}};
  if (rules.consumers) {
    all.push_back({*rules.consumers, Step::list, &Administration::consumers});
  }
  if (rules.others) {
    all.push_back({rules.others->call, Step::list, &Administration::list_others});
  }
  if (rules.session && rules.session->end) {
    all.push_back({*rules.session->end, Step::list, &Administration::end_session});
  }
  return all;
}

std::optional<std::string> Administration::matches(const Visit& visit, const LinkCall& call) const {
  if (visit.request.method != call.method) {
    return std::nullopt;
  }
  const bool of_site = call.endpoint.relative_to == EndpointPath::RelativeTo::site;
  const auto path = of_site ? std::optional(visit.path) : below(visit.path, visit.context);
  const auto found = path ? PathPattern(call.endpoint.path).match(segments_of(*path))
                          : std::optional<std::vector<std::string>>();
  if (!found) {
    return std::nullopt;
  }
  return found->empty() ? std::string() : found->front();
}

std::optional<ServerResponse> Administration::answer(const Visit& visit) {
  // Whoever signs is no administrator with a password, and asks for an operation like any other.
  if (!parts_.product.link_administration ||
      account_of(visit.request, user_) == Account::none) {
    return std::nullopt;
  }
  const auto& session = parts_.product.link_administration->session;
  if (session && matches(visit, session->begin)) {
    return begin_session(visit);
  }
  for (const Route& route : routes()) {
    if (const auto id = matches(visit, route.call)) {
      auto refusal = refuse(visit, route.step);
      return refusal ? *std::move(refusal) : (this->*route.handler)(visit, *id);
    }
  }
  return std::nullopt;
}

ServerResponse Administration::refused(
    const Visit& visit, Meaning meaning, Step step, int status, std::string_view words) const {
  ServerResponse response = error_answer(parts_.product, status, words);
  for (const LinkRefusal& refusal : parts_.product.link_administration->refusals) {
    const auto& steps = refusal.steps;
    const bool here = steps.empty() || std::find(steps.begin(), steps.end(), step) != steps.end();
    if (here && refusal.meaning == meaning) {
      fulfil(refusal, visit, response);
      break;
    }
  }
  return response;
}

std::optional<ServerResponse> Administration::refuse(const Visit& visit, Step step) {
  switch (account_of(visit.request, user_)) {
    case Account::none:
    case Account::wrong:
      return error_answer(parts_.product, 401, "name or password is wrong");
    case Account::ordinary:
      return refused(visit, Meaning::rights, step, 403, "you may not administer links");
    case Account::administrator:
      break;
  }
  if (secure_session_ && !has_session(visit)) {
    return refused(
        visit, Meaning::session, step, 401, "a secure administrator session is required");
  }
  return std::nullopt;
}

bool Administration::has_session(const Visit& visit) const {
  const auto cookie = cookie_of(visit.request, cookie_name);
  return cookie && sessions_.contains(std::string(*cookie));
}

ServerResponse Administration::begin_session(const Visit& visit) {
  const LinkSession& rules = *parts_.product.link_administration->session;
  const FormFields form = parse_form(form_of(visit.request).value_or(""));
  const bool whole = std::all_of(rules.begin.form.begin(), rules.begin.form.end(), [&](auto& each) {
    return form_value(form, each.first) == each.second;
  });
  const bool known = account_of(visit.request, user_) == Account::administrator && whole &&
                     form_value(form, rules.secret_field) == administrator_password;
  if (!known) {
    return error_answer(parts_.product, 401, "the password is wrong");
  }
  const auto text = random_text(random_, 32);
  if (!text) {
    return error_answer(parts_.product, 500, text.error().message);
  }
  sessions_.insert(*text);
  ServerResponse response = redirect_to(visit.base_url + "/");
  response.headers.add("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly", cookie_name, *text));
  return response;
}

ServerResponse Administration::end_session(const Visit& visit, const std::string& /*id*/) {
  if (const auto cookie = cookie_of(visit.request, cookie_name)) {
    sessions_.erase(std::string(*cookie));
  }
  return empty_answer(204);
}

ServerResponse Administration::list(const Visit& /*visit*/, const std::string& /*id*/) {
  const LinkListing& rules = parts_.product.link_administration->list;
  json::Array items;
  for (const auto& [id, link] : links_) {
    json::Value item{json::Object{}};
    put_at(item, rules.id, id);
    for (const auto& [pointer, text] : {std::pair(&rules.name, &link.name),
                                        std::pair(&rules.url, &link.url),
                                        std::pair(&rules.type, &link.type)}) {
      if (!pointer->empty()) {
        put_at(item, *pointer, *text);
      }
    }
    items.push_back(std::move(item));
  }
  return json_answer(200, value_at(rules.items, std::move(items)));
}

ServerResponse Administration::list_others(const Visit& /*visit*/, const std::string& /*id*/) {
  const LinkListing& rules = *parts_.product.link_administration->others;
  json::Array items;
  for (const Other& other : others_) {
    json::Value item{json::Object{}};
    put_at(item, rules.id, other.id);
    if (!rules.name.empty()) {
      put_at(item, rules.name, other.name);
    }
    items.push_back(std::move(item));
  }
  return json_answer(200, value_at(rules.items, std::move(items)));
}

ServerResponse Administration::create(const Visit& visit, const std::string& /*id*/) {
  const LinkAdministration& rules = *parts_.product.link_administration;
  const Values values = values_in(rules.create, visit.request.body);
  if (!values.fits || values.application_url.empty() || links_.size() >= most_links) {
    return error_answer(parts_.product, 400, "the link is not as it has to be");
  }
  const bool taken = std::any_of(links_.begin(), links_.end(), [&](const auto& each) {
    return each.second.url == values.application_url;
  });
  if (taken) {
    return refused(visit, Meaning::duplicate, Step::create, 409, "another link has this URL");
  }
  const auto id = random_text(random_, 32);
  if (!id) {
    return error_answer(parts_.product, 500, id.error().message);
  }
  links_[*id] = {printable(values.consumer_name, 255), values.application_url, "generic", {}};
  json::Value answer{json::Object{}};
  put_at(answer, rules.created_id, fmt::format("{}/links/{}", visit.base_url, *id));
  return json_answer(201, answer);
}

ServerResponse Administration::put_consumer(const Visit& visit, const std::string& id) {
  const auto link = links_.find(id);
  if (link == links_.end()) {
    return absent(visit, Step::consumer);
  }
  const Values values = values_in(parts_.product.link_administration->consumer, visit.request.body);
  SandboxConsumer consumer;
  consumer.key = values.consumer_key;
  consumer.name = values.consumer_name;
  consumer.public_key = values.public_key;
  const bool known = parts_.consumers.find(values.consumer_key) != nullptr &&
                     link->second.consumer_key != values.consumer_key;
  const auto added =
      values.fits && !known
          ? parts_.consumers.put(consumer)
          : Result<bool>(fail(ErrorCode::key_unreadable,
                              known ? "this key is taken already" : "key or publicKey is missing"));
  if (!added) {
    return refused(visit, Meaning::key, Step::consumer, 400, added.error().message);
  }
  link->second.consumer_key = values.consumer_key;
  return empty_answer(201);
}

ServerResponse Administration::consumers(const Visit& visit, const std::string& id) {
  const auto link = links_.find(id);
  if (link == links_.end() || link->second.consumer_key.empty()) {
    return absent(visit, Step::list);
  }
  return json_answer(
      200,
      json::Object{{"consumers", json::Array{json::Object{{"key", link->second.consumer_key}}}}});
}

ServerResponse Administration::remove(const Visit& visit, const std::string& id) {
  const auto link = links_.find(id);
  if (link == links_.end()) {
    return absent(visit, Step::remove);
  }
  parts_.tokens.remove_of(link->second.consumer_key);
  parts_.consumers.remove(link->second.consumer_key);
  links_.erase(link);
  return empty_answer(204);
}

ServerResponse Administration::absent(const Visit& visit, Step step) const {
  return refused(visit, Meaning::absent, step, 404, "there is no such link");
}

Status Administration::take_control(const json::Value& document) {
  const json::Value* secure = document.find("secure_session");
  if (secure != nullptr && secure->as_bool() != nullptr) {
    secure_session_ = *secure->as_bool();
  }
  const json::Value* others = document.find("others");
  if (others == nullptr) {
    return {};
  }
  std::vector<Other> read;
  for (std::size_t i = 0; others->as_array() != nullptr && i < others->as_array()->size(); ++i) {
    const json::Value& each = (*others->as_array())[i];
    const json::Value* id = each.find("id");
    const json::Value* name = each.find("name");
    if (id == nullptr || id->as_string() == nullptr || name == nullptr ||
        name->as_string() == nullptr) {
      return fail(ErrorCode::usage, "each of \"others\" has an \"id\" and a \"name\"");
    }
    read.push_back({*id->as_string(), *name->as_string()});
  }
  others_ = std::move(read);
  return {};
}

ServerResponse Administration::control(const Visit& visit) {
  const std::string& method = visit.request.method;
  if (method == "PUT") {
    const auto document = json::parse(visit.request.body, longest_body);
    const Status taken = document ? take_control(*document) : Status(fail(document.error()));
    if (!taken) {
      return error_answer(parts_.product, 400, taken.error().message);
    }
  } else if (method != "GET" && method != "HEAD") {
    return method_refused("GET, PUT");
  }
  json::Array links;
  for (const auto& [id, link] : links_) {
    links.push_back(json::Object{
        {"id", id}, {"name", link.name}, {"url", link.url}, {"consumer_key", link.consumer_key}});
  }
  return json_answer(200,
                     json::Object{{"secure_session", secure_session_},
                                  {"sessions", static_cast<std::int64_t>(sessions_.size())},
                                  {"links", std::move(links)}});
}

}  // namespace atlink::plugins::sandbox
