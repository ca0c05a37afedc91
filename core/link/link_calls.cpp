// SPDX-License-Identifier: Apache-2.0
#include "core/link/link_calls.h"

#include "atlink/text.h"
#include "atlink/url.h"
#include "core/text/json_pointer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::link {

namespace {

constexpr std::size_t most_listed = std::size_t{4} << 20;
constexpr std::size_t most_cookies = 32;
constexpr std::size_t longest_cookie = 4096;

std::optional<std::string> value_named(std::string_view name, const LinkEntry& entry) {
  const std::array<std::pair<std::string_view, const std::string*>, 5> values{
      {{"application_url", &entry.application_url},
       {"consumer_key", &entry.consumer_key},
       {"consumer_name", &entry.consumer_name},
       {"public_key", &entry.public_key},
       {"public_key_body", &entry.public_key_body}}};
  for (const auto& [known, value] : values) {
    if (known == name) {
      return *value;
    }
  }
  return std::nullopt;
}

// NOLINTNEXTLINE(misc-no-recursion): the reader of descriptions bounds the depth
json::Value filled(const json::Value& value, const LinkEntry& entry) {
  if (const std::string* text = value.as_string()) {
    const bool whole = text->size() > 2 && text->front() == '{' && text->back() == '}';
    const auto found = whole
                           ? value_named(std::string_view(*text).substr(1, text->size() - 2), entry)
                           : std::nullopt;
    return found ? json::Value(*found) : value;
  }
  if (const json::Object* members = value.as_object()) {
    json::Object object;
    for (const auto& [name, member] : *members) {
      object.emplace_back(name, filled(member, entry));
    }
    return object;
  }
  if (const json::Array* elements = value.as_array()) {
    json::Array array;
    for (const json::Value& element : *elements) {
      array.push_back(filled(element, entry));
    }
    return array;
  }
  return value;
}

const json::Value* at(const json::Value& document, std::string_view pointer) {
  const auto segments = json::split_pointer(pointer);
  const json::Value* place = segments ? &document : nullptr;
  for (std::size_t i = 0; place != nullptr && i < segments->size(); ++i) {
    place = place->find((*segments)[i]);
  }
  return place;
}

std::string text_at(const json::Value& document, const std::string& pointer) {
  const json::Value* place = pointer.empty() ? nullptr : at(document, pointer);
  if (place != nullptr && place->as_integer() != nullptr) {
    return std::to_string(*place->as_integer());
  }
  return place == nullptr || place->as_string() == nullptr ? std::string() : *place->as_string();
}

bool holds(const LinkRefusal& refusal, const HttpResponseHead& head, std::string_view body) {
  const auto& statuses = refusal.statuses;
  if (!statuses.empty() &&
      std::find(statuses.begin(), statuses.end(), head.status) == statuses.end()) {
    return false;
  }
  if (!refusal.header.empty()) {
    const auto value = head.headers.find(refusal.header);
    const bool fits =
        value && to_lower(*value).find(to_lower(refusal.header_contains)) != std::string::npos &&
        (refusal.header_is.empty() || equals_ignoring_case(*value, refusal.header_is));
    if (!fits) {
      return false;
    }
  }
  return body.find(refusal.body_contains) != std::string_view::npos;
}

bool may_stand_in_header(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != ';' && c != ',';
  });
}

}  // namespace

std::string fill_body(const LinkCall& call, const LinkEntry& entry) {
  return call.body ? json::write(filled(*call.body, entry)) : std::string();
}

Result<Url> url_of(const LinkCall& call, const BaseUrl& base, std::string_view link_id) {
  constexpr std::string_view place = "{link_id}";
  EndpointPath endpoint = call.endpoint;
  for (std::size_t found = endpoint.path.find(place); found != std::string::npos;
       found = endpoint.path.find(place)) {
    if (link_id.empty() || link_id == "." || link_id == "..") {
      return fail(ErrorCode::link_missing, "a link without an id cannot be named to the server");
    }
    endpoint.path.replace(found, place.size(), percent_encode(link_id));
  }
  return base.at(endpoint);
}

Result<std::vector<KnownLink>> read_listing(const LinkListing& listing, std::string_view body) {
  const auto document = json::parse(body, most_listed);
  const json::Value* items = document ? at(*document, listing.items) : nullptr;
  if (items == nullptr || items->as_array() == nullptr) {
    return fail(ErrorCode::answer_not_understood,
                "the answer holds no list of links where the description says that one stands",
                "check the base URL; if it is right, make the link by hand: atlink link show");
  }
  std::vector<KnownLink> links;
  for (const json::Value& item : *items->as_array()) {
    links.push_back({text_at(item, listing.id),
                     text_at(item, listing.name),
                     text_at(item, listing.url),
                     text_at(item, listing.type)});
  }
  return links;
}

std::optional<LinkRefusal::Meaning> meaning_of(const std::vector<LinkRefusal>& refusals,
                                               LinkRefusal::Step step,
                                               const HttpResponseHead& head,
                                               std::string_view body) {
  for (const LinkRefusal& refusal : refusals) {
    const auto& steps = refusal.steps;
    const bool here = steps.empty() || std::find(steps.begin(), steps.end(), step) != steps.end();
    if (here && holds(refusal, head, body)) {
      return refusal.meaning;
    }
  }
  return std::nullopt;
}

Error refusal_error(LinkRefusal::Meaning meaning,
                    std::string_view servers_words,
                    const Product& product) {
  const auto said = [&](std::string_view what) {
    return servers_words.empty()
               ? std::string(what)
               : fmt::format("{}; it says: {}", what, printable(servers_words, 300));
  };
  switch (meaning) {
    case LinkRefusal::Meaning::rights:
      return make_error(
          ErrorCode::answer_forbidden,
          said("the server does not let this account administer links"),
          "take an administrator's account, or ask one: atlink link show --for-admin");
    case LinkRefusal::Meaning::session:
      return make_error(
          ErrorCode::link_session,
          said(fmt::format("{} wants the administrator's password again before links are "
                           "administered, and that could not be done",
                           product.name)),
          "give name and password instead of a token, or make the link in the browser: atlink link "
          "show");
    case LinkRefusal::Meaning::duplicate:
      return make_error(ErrorCode::link_exists,
                        said("the server has a link with that URL already"),
                        "look at it (atlink link list), and remove it if it is yours");
    case LinkRefusal::Meaning::key:
      return make_error(ErrorCode::link_key_refused,
                        said("the server does not take the consumer's key or public key"),
                        "another link may have this consumer key: atlink profile set NAME "
                        "--consumer-key KEY; or make another pair: atlink keygen");
    case LinkRefusal::Meaning::absent:
      return make_error(ErrorCode::link_missing,
                        said("the server has no such link, or does not administer links here"),
                        "see which there are: atlink link list");
  }
  return make_error(ErrorCode::internal, "a refusal of no known meaning");
}

void Cookies::take(const Headers& answer) {
  for (const std::string_view field : answer.all("Set-Cookie")) {
    const std::string_view pair = trim(field.substr(0, field.find(';')));
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string_view::npos || pair.size() > longest_cookie ||
        !may_stand_in_header(pair)) {
      continue;
    }
    const std::string name(pair.substr(0, equals));
    const auto known = std::find_if(
        pairs_.begin(), pairs_.end(), [&](const auto& each) { return each.first == name; });
    if (known != pairs_.end()) {
      known->second = pair.substr(equals + 1);
    } else if (pairs_.size() < most_cookies) {
      pairs_.emplace_back(name, pair.substr(equals + 1));
    }
  }
}

std::string Cookies::header() const {
  std::string text;
  for (const auto& [name, value] : pairs_) {
    text += fmt::format("{}{}={}", text.empty() ? "" : "; ", name, value);
  }
  return text;
}

}  // namespace atlink::link
