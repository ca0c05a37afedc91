// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/documents.h"

#include "atlink/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t longest_document = std::size_t{1} << 20;
constexpr std::size_t most_stored = std::size_t{8} << 20;
/// What a document counts beside its bytes.
constexpr std::size_t cost_of_one = 256;

void replace_all(std::string& text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != std::string::npos;
       at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

/// What {user} and {base_url} stand for.
struct Names {
  std::string_view user;
  std::string_view base_url;

  [[nodiscard]] std::string fill(std::string text) const {
    replace_all(text, "{user}", user);
    replace_all(text, "{base_url}", base_url);
    return text;
  }

  // NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth
  [[nodiscard]] json::Value fill(const json::Value& value) const {
    if (const std::string* text = value.as_string()) {
      return fill(*text);
    }
    json::Value filled = value;
    if (json::Array* elements = filled.as_array()) {
      for (json::Value& element : *elements) {
        element = fill(element);
      }
    } else if (json::Object* members = filled.as_object()) {
      for (auto& member : *members) {
        member.second = fill(member.second);
      }
    }
    return filled;
  }
};

ServerResponse answer_of(const Resource& resource, const Names& names) {
  ServerResponse response;
  if (resource.text) {
    response = text_answer(resource.status, names.fill(*resource.text));
  } else if (resource.body.is_null()) {
    response.status = resource.status;
  } else {
    response = json_answer(resource.status, names.fill(resource.body));
  }
  for (const auto& [name, value] : resource.headers) {
    response.headers.set(name, names.fill(value));
  }
  return response;
}

/// What was stored by a visitor is given back as it came.
json::Value value_of(const Document& document, const Names& names) {
  return document.cost == 0 ? names.fill(document.value) : document.value;
}

bool has_all(const FormFields& query, const FormFields& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
    return form_value(query, entry.first) == entry.second;
  });
}

bool begins_with(const std::vector<std::string>& segments, const std::vector<std::string>& front) {
  return segments.size() >= front.size() &&
         std::equal(front.begin(), front.end(), segments.begin());
}

}  // namespace

Documents::Documents(const Product& product, Testdata testdata)
    : product_(product), testdata_(std::move(testdata)) {}

const Resource* Documents::find(const Visit& visit,
                                const std::vector<std::string>& segments) const {
  const std::string_view method = visit.request.method;
  const std::string_view served = method == "HEAD" ? "GET" : method;
  const FormFields query = parse_form(visit.query);
  for (const Resource& resource : testdata_.resources) {
    if (resource.method == served && resource.segments == segments &&
        has_all(query, resource.query)) {
      return &resource;
    }
  }
  return nullptr;
}

std::string Documents::allowed(const std::vector<std::string>& segments) const {
  std::string methods;
  for (const Resource& resource : testdata_.resources) {
    if (resource.segments == segments && resource.query.empty()) {
      methods += methods.empty() ? "" : ", ";
      methods += resource.method;
    }
  }
  return methods;
}

bool Documents::is_anonymous(const Visit& visit, std::string_view path) const {
  const Resource* resource = find(visit, segments_of(path));
  return resource != nullptr && resource->anonymous;
}

std::optional<ServerResponse> Documents::answer(const Visit& visit,
                                                std::string_view path,
                                                std::string_view user) {
  const std::vector<std::string> segments = segments_of(path);
  if (const Resource* resource = find(visit, segments)) {
    return answer_of(*resource, {user, visit.base_url});
  }
  for (Collection& collection : testdata_.collections) {
    if (segments == collection.segments) {
      return on_collection(visit, collection, user);
    }
    if (segments.size() == collection.segments.size() + 1 &&
        begins_with(segments, collection.segments)) {
      return on_document(visit, collection, segments.back(), user);
    }
  }
  const std::string methods = allowed(segments);
  return methods.empty() ? std::nullopt : std::optional(method_refused(methods));
}

std::optional<ServerResponse> Documents::store(const Visit& visit,
                                               const Collection& collection,
                                               Document& document) {
  auto value = json::parse(visit.request.body, longest_document);
  if (!value) {
    return error_answer(product_, 400, value.error().message);
  }
  if (value->as_object() == nullptr) {
    return error_answer(product_, 400, "the body must be a JSON object");
  }
  const std::size_t cost = visit.request.body.size() + cost_of_one;
  if (stored_bytes_ - document.cost + cost > most_stored) {
    return error_answer(product_, 507, "the store of this stand-in site is full");
  }
  stored_bytes_ = stored_bytes_ - document.cost + cost;
  document.cost = cost;
  document.value = *std::move(value);
  document.value.set(collection.id_member, document.id);
  return std::nullopt;
}

ServerResponse Documents::add(const Visit& visit, Collection& collection) {
  Document document;
  document.id = fmt::format("{}{}", collection.id_prefix, collection.last_id + 1);
  if (auto refused = store(visit, collection, document)) {
    return *std::move(refused);
  }
  ++collection.last_id;
  ServerResponse response = json_answer(201, document.value);
  std::string location = visit.base_url;
  for (const std::string& segment : collection.segments) {
    location += fmt::format("/{}", percent_encode(segment));
  }
  response.headers.add("Location", fmt::format("{}/{}", location, percent_encode(document.id)));
  collection.documents.push_back(std::move(document));
  return response;
}

ServerResponse Documents::on_collection(const Visit& visit,
                                        Collection& collection,
                                        std::string_view user) {
  const std::string& method = visit.request.method;
  if (method == "POST") {
    return add(visit, collection);
  }
  if (method != "GET" && method != "HEAD") {
    return method_refused("GET, POST");
  }
  json::Array values;
  for (const Document& document : collection.documents) {
    values.push_back(value_of(document, {user, visit.base_url}));
  }
  return json_answer(200, json::Object{{"values", std::move(values)}});
}

ServerResponse Documents::on_document(const Visit& visit,
                                      Collection& collection,
                                      const std::string& id,
                                      std::string_view user) {
  const auto found = std::find_if(collection.documents.begin(),
                                  collection.documents.end(),
                                  [&](const Document& document) { return document.id == id; });
  if (found == collection.documents.end()) {
    return error_answer(product_, 404, "there is no such thing here");
  }
  const std::string& method = visit.request.method;
  if (method == "DELETE") {
    stored_bytes_ -= found->cost;
    collection.documents.erase(found);
    ServerResponse response;
    response.status = 204;
    return response;
  }
  if (method == "PUT") {
    if (auto refused = store(visit, collection, *found)) {
      return *std::move(refused);
    }
  } else if (method != "GET" && method != "HEAD") {
    return method_refused("GET, PUT, DELETE");
  }
  return json_answer(200, value_of(*found, {user, visit.base_url}));
}

}  // namespace atlink::plugins::sandbox
