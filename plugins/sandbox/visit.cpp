// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/visit.h"

#include "atlink/url.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

bool is_index(std::string_view segment) {
  return !segment.empty() && segment.size() < 3 &&
         segment.find_first_not_of("0123456789") == std::string_view::npos;
}

/// RFC 6901 section 4.
std::string unescape(std::string_view segment) {
  std::string name(segment);
  for (const auto& [escape, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
    for (auto at = name.find(escape); at != std::string::npos; at = name.find(escape, at + 1)) {
      name.replace(at, 2, plain);
    }
  }
  return name;
}

/// The first segment of a pointer, which becomes the rest.
std::string_view take_segment(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::size_t end = std::min(pointer.find('/'), pointer.size());
  const std::string_view segment = pointer.substr(0, end);
  pointer.remove_prefix(end);
  return segment;
}

json::Value& element(json::Array& elements, std::size_t index) {
  if (elements.size() <= index) {
    elements.resize(index + 1);
  }
  return elements[index];
}

json::Value& member(json::Object& members, const std::string& name) {
  const auto found = std::find_if(
      members.begin(), members.end(), [&](const auto& each) { return each.first == name; });
  return found != members.end() ? found->second : members.emplace_back(name, json::Value()).second;
}

/// The place that a segment leads to, made if it is not there.
json::Value& step(json::Value& value, std::string_view segment) {
  const bool any = segment == "*";
  if (value.as_array() == nullptr && value.as_object() == nullptr) {
    value = any || is_index(segment) ? json::Value(json::Array{}) : json::Value(json::Object{});
  }
  if (json::Object* members = value.as_object()) {
    return any && !members->empty() ? members->front().second : member(*members, unescape(segment));
  }
  const bool index = is_index(segment);
  return element(*value.as_array(),
                 index ? static_cast<std::size_t>(std::stoi(std::string(segment))) : 0);
}

ServerResponse with_body(int status, std::string_view type, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", std::string(type)},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(body);
  return response;
}

}  // namespace

ServerResponse text_answer(int status, std::string_view text) {
  return with_body(status, "text/plain;charset=UTF-8", std::string(text));
}

ServerResponse json_answer(int status, const json::Value& value) {
  return with_body(status, "application/json;charset=UTF-8", json::write(value));
}

ServerResponse error_answer(const Product& product, int status, std::string_view message) {
  const std::string pointer =
      product.error_messages.empty() ? "/message" : product.error_messages.front();
  return json_answer(status, value_at(pointer, message));
}

ServerResponse redirect_to(std::string_view location) {
  ServerResponse response = text_answer(303, "");
  response.headers.set("Location", std::string(location));
  return response;
}

ServerResponse method_refused(std::string_view allowed) {
  ServerResponse response = text_answer(405, "this method is not served here\n");
  response.headers.set("Allow", std::string(allowed));
  return response;
}

json::Value value_at(std::string_view pointer, json::Value leaf) {
  json::Value document;
  put_at(document, pointer, std::move(leaf));
  return document;
}

void put_at(json::Value& document, std::string_view pointer, json::Value leaf) {
  json::Value* place = &document;
  while (!pointer.empty()) {
    place = &step(*place, take_segment(pointer));
  }
  *place = std::move(leaf);
}

const json::Value* find_at(const json::Value& document, std::string_view pointer) {
  const json::Value* place = &document;
  while (!pointer.empty() && place != nullptr) {
    const std::string_view segment = take_segment(pointer);
    if (const json::Array* elements = place->as_array()) {
      const std::size_t index = is_index(segment)
                                    ? static_cast<std::size_t>(std::stoi(std::string(segment)))
                                    : ~std::size_t{0};
      place = index < elements->size() ? &(*elements)[index] : nullptr;
    } else {
      place = place->find(unescape(segment));
    }
  }
  return place;
}

bool has_all(const FormFields& query, const FormFields& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
    return form_value(query, entry.first) == entry.second;
  });
}

bool is_at(const Visit& visit, const EndpointPath& endpoint) {
  const bool on_site = endpoint.relative_to == EndpointPath::RelativeTo::site;
  return visit.path == (on_site ? endpoint.path : std::string(visit.context) + endpoint.path) &&
         has_all(parse_form(visit.query), endpoint.query);
}

std::string url_at(const Visit& visit, const EndpointPath& endpoint) {
  const bool on_site = endpoint.relative_to == EndpointPath::RelativeTo::site;
  const std::string query = to_form(endpoint.query);
  return (on_site ? visit.origin : visit.base_url) + endpoint.path + (query.empty() ? "" : "?") +
         query;
}

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

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  if (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
  }
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(percent_decode(path.substr(0, end)));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

}  // namespace atlink::plugins::sandbox
