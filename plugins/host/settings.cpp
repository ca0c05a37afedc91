// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/registry.h"
#include "plugins/host/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

tl::unexpected<Error> wrong(const std::string& name, std::string message, std::string next) {
  return fail(make_error(ErrorCode::profile_invalid,
                         fmt::format("setting {}: {}", printable(name, 70), std::move(message)),
                         std::move(next))
                  .with("setting", printable(name, 70)));
}

/// A text as a rule of the description language takes it.
template <class Rule>
Result<std::string> judged(const std::string& name, const std::string& text) {
  Reading reading(Reading::Stage::effective);
  std::string taken;
  Rule::read(reading, json::Value(text), taken);
  if (!reading.problems().empty()) {
    return wrong(name, reading.problems().front().message, reading.problems().front().next);
  }
  return taken;
}

/// On the own machine there is no way on which somebody could listen.
bool is_loopback_origin(const std::string& text) {
  const auto url = Url::parse(text);
  return url && !url->is_https() && url->is_loopback() && url->origin() == text;
}

Result<std::string> origin_of(const std::string& name, const std::string& text) {
  if (is_loopback_origin(text)) {
    return text;
  }
  return judged<Origin>(name, text);
}

EndpointPath* endpoint_of(OAuth1Rules& rules, std::string_view name) {
  if (name == endpoint_settings[0]) {
    return &rules.request_token;
  }
  if (name == endpoint_settings[1]) {
    return &rules.authorize;
  }
  return name == endpoint_settings[2] ? &rules.access_token : nullptr;
}

Result<EndpointPath> endpoint_from(const std::string& name, const std::string& text) {
  const std::string word = text.substr(0, text.find(':'));
  if (word.size() == text.size() || (word != "base" && word != "site")) {
    return wrong(name,
                 fmt::format("\"{}\" does not say what it is relative to", printable(text, 100)),
                 "write base:/PATH below the base URL, or site:/PATH below scheme, host and port");
  }
  EndpointPath endpoint;
  endpoint.relative_to =
      word == "site" ? EndpointPath::RelativeTo::site : EndpointPath::RelativeTo::base;
  ATLINK_ASSIGN(endpoint.path, judged<Path>(name, text.substr(word.size() + 1)));
  return endpoint;
}

tl::unexpected<Error> unknown(const std::string& name, const Product& product) {
  std::vector<std::string_view> known;
  for (const Setting& setting : product.settings) {
    known.push_back(setting.name);
  }
  if (product.oauth1) {
    known.insert(known.end(), endpoint_settings.begin(), endpoint_settings.end());
  }
  const std::string_view meant = nearest(name, known);
  std::string next = meant.empty() ? fmt::format("there are: {}", fmt::join(known, ", "))
                                   : fmt::format("did you mean {}?", meant);
  if (known.empty()) {
    next = "take it away with an empty value";
  }
  return wrong(name, fmt::format("{} has no setting of that name", product.id), std::move(next));
}

/// One setting of a profile, put in its place.
Status put(const std::string& name, const std::string& value, SetProduct& to) {
  EndpointPath* endpoint = to.product.oauth1 ? endpoint_of(*to.product.oauth1, name) : nullptr;
  if (endpoint != nullptr) {
    ATLINK_ASSIGN(EndpointPath moved, endpoint_from(name, value));
    if (moved.path != endpoint->path || moved.relative_to != endpoint->relative_to) {
      to.binding[name] = value;
    }
    // A fixed query stays: it is what tells such endpoints apart.
    endpoint->path = std::move(moved.path);
    endpoint->relative_to = moved.relative_to;
    return {};
  }
  auto& settings = to.product.settings;
  const auto setting = std::find_if(
      settings.begin(), settings.end(), [&](const Setting& each) { return each.name == name; });
  if (setting == settings.end()) {
    return unknown(name, to.product);
  }
  const bool is_origin = setting->kind == Setting::Kind::origin;
  ATLINK_ASSIGN(std::string taken, is_origin ? origin_of(name, value) : judged<Text>(name, value));
  if (is_origin && taken != setting->fallback) {
    to.binding[name] = taken;
  }
  setting->fallback = std::move(taken);
  return {};
}

}  // namespace

Result<SetProduct> with_settings(Product product,
                                 const std::map<std::string, std::string>& settings) {
  SetProduct set{std::move(product), {}};
  for (const auto& [name, value] : settings) {
    ATLINK_CHECK(put(name, value, set));
  }
  return set;
}

}  // namespace atlink::plugins
