// SPDX-License-Identifier: Apache-2.0
#include "tests/wire/plan.h"

#include "atlink/url.h"

#include <utility>

namespace atlink::tests {

namespace {

std::string text(const json::Value& object, const char* name, const char* otherwise = "") {
  const json::Value* member = object.find(name);
  return member != nullptr && member->as_string() != nullptr ? *member->as_string() : otherwise;
}

std::int64_t number(const json::Value& object, const char* name, std::int64_t otherwise = 0) {
  const json::Value* member = object.find(name);
  return member != nullptr && member->as_integer() != nullptr ? *member->as_integer() : otherwise;
}

Headers headers(const json::Value& plan) {
  Headers all;
  const json::Value* list = plan.find("headers");
  if (list != nullptr && list->as_array() != nullptr) {
    for (const json::Value& field : *list->as_array()) {
      all.add(*field.as_array()->at(0).as_string(), *field.as_array()->at(1).as_string());
    }
  }
  return all;
}

std::shared_ptr<const ProxyRules> proxies(const json::Value& plan) {
  const std::string proxy = text(plan, "proxy");
  if (proxy.empty()) {
    return nullptr;
  }
  ProxyRules rules;
  rules.for_https = read_proxy(proxy, "the test").value();
  rules.for_http = rules.for_https;
  rules.except = NoProxy::read("<-loopback>").value();
  return std::make_shared<const ProxyRules>(std::move(rules));
}

BodyPlan body(const json::Value& object) {
  BodyPlan plan;
  plan.text = text(object, "text");
  plan.bytes = static_cast<std::uint64_t>(number(object, "bytes"));
  plan.piece = static_cast<std::size_t>(number(object, "piece"));
  plan.pause = std::chrono::milliseconds(number(object, "pause_ms"));
  if (object.find("announced") != nullptr) {
    plan.announced = static_cast<std::uint64_t>(number(object, "announced"));
  }
  if (object.find("fail_after") != nullptr) {
    plan.fail_after = static_cast<std::uint64_t>(number(object, "fail_after"));
  }
  return plan;
}

json::Value told(const Error& error) {
  json::Value outcome;
  outcome.set("error", name_of(error.code));
  outcome.set("message", error.message);
  outcome.set("next", error.next);
  return outcome;
}

json::Value told(const HttpResponseHead& head) {
  json::Value outcome;
  outcome.set("status", head.status);
  json::Array fields;
  for (const auto& [name, value] : head.headers) {
    fields.push_back(json::Array{name, value});
  }
  outcome.set("headers", std::move(fields));
  return outcome;
}

}  // namespace

Plan read_plan(const json::Value& object) {
  Plan plan;
  plan.method = text(object, "method", "GET");
  plan.url = text(object, "url");
  plan.headers = headers(object);
  plan.ca_pem = text(object, "ca_pem");
  plan.proxies = proxies(object);
  plan.deadline = std::chrono::milliseconds(number(object, "deadline_ms", 20000));
  plan.idle_deadline = std::chrono::milliseconds(number(object, "idle_ms"));
  plan.keep = static_cast<std::size_t>(number(object, "keep", std::int64_t{1} << 20));
  plan.refuse = text(object, "refuse");
  plan.times = static_cast<int>(number(object, "times", 1));
  plan.threads = static_cast<int>(number(object, "threads", 1));
  if (const json::Value* planned = object.find("body"); planned != nullptr) {
    plan.body = body(*planned);
  }
  return plan;
}

json::Value carry_out(const Plan& plan, Transport& transport) {
  Result<Url> url = Url::parse(plan.url);
  if (!url) {
    return told(url.error());
  }
  const auto source = plan.body ? make_body(*plan.body) : nullptr;
  const HttpRequest request{plan.method, *url, plan.headers, source.get()};
  Answer answer(plan.keep, plan.refuse);
  const auto before = std::chrono::steady_clock::now();
  const Status status = transport.send(
      {request, answer, {plan.ca_pem, plan.proxies}, plan.deadline, plan.idle_deadline});
  const auto elapsed = std::chrono::steady_clock::now() - before;
  json::Value outcome = status ? told(answer.received()) : told(status.error());
  outcome.set("body", answer.text());
  outcome.set("bytes", static_cast<std::int64_t>(answer.bytes()));
  outcome.set("heads", answer.heads());
  outcome.set("elapsed_ms",
              std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()});
  return outcome;
}

}  // namespace atlink::tests
