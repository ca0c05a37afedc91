// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/documents.h"

#include "atlink/url.h"
#include "plugins/sandbox/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t longest_document = std::size_t{1} << 20;
constexpr std::size_t most_stored = std::size_t{8} << 20;
/// What a document counts beside its bytes.
constexpr std::size_t cost_of_one = 256;

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

std::string path_of(const std::vector<std::string>& segments) {
  std::string path;
  for (const std::string& segment : segments) {
    path += fmt::format("/{}", percent_encode(segment));
  }
  return path;
}

/// 0 where there is no number.
std::int64_t number_at(const json::Value& document, std::string_view pointer) {
  const json::Value* value = find_at(document, pointer);
  const std::int64_t* number = value == nullptr ? nullptr : value->as_integer();
  return number == nullptr ? 0 : *number;
}

bool is_one_of(const std::vector<std::string>& segments, const std::vector<std::string>& front) {
  return segments.size() == front.size() + 1 &&
         std::equal(front.begin(), front.end(), segments.begin());
}

}  // namespace

Documents::Documents(const Product& product, Testdata testdata, std::string version)
    : product_(product), version_(std::move(version)), resources_(std::move(testdata.resources)) {
  std::erase_if(resources_, [&](const Resource& resource) {
    return resource.deployment && resource.deployment != product.deployment;
  });
  for (CollectionData& collection : testdata.collections) {
    add_list(collection.segments, stores_.size(), collection.shape);
    stores_.emplace_back(std::move(collection));
  }
  for (ListData& list : testdata.lists) {
    const auto store = std::find_if(stores_.begin(), stores_.end(), [&](const Store& each) {
      return each.data().segments == list.of;
    });
    add_list(
        std::move(list.segments), static_cast<std::size_t>(store - stores_.begin()), list.shape);
  }
}

void Documents::add_list(std::vector<std::string> segments,
                         std::size_t store,
                         const ListShape& shape) {
  const auto& pagers = product_.pagers;
  const auto pager = std::find_if(
      pagers.begin(), pagers.end(), [&](const Pager& each) { return each.name == shape.pager; });
  lists_.push_back(
      {std::move(segments), store, pager == pagers.end() ? nullptr : &*pager, shape.items});
}

std::vector<SandboxAnswer> Documents::answers() const {
  using Kind = SandboxAnswer::Kind;
  std::vector<SandboxAnswer> all;
  for (const Resource& resource : resources_) {
    SandboxAnswer answer;
    answer.method = resource.method;
    answer.path = path_of(resource.segments);
    answer.query = resource.query;
    answer.status = resource.status;
    answer.anonymous = resource.anonymous;
    all.push_back(std::move(answer));
  }
  for (const List& list : lists_) {
    const CollectionData& data = stores_[list.store].data();
    SandboxAnswer answer;
    answer.kind = list.segments == data.segments ? Kind::collection : Kind::list;
    answer.path = path_of(list.segments);
    answer.pager = list.pager == nullptr ? "" : list.pager->name;
    answer.items = std::max(data.initial.size(), data.fill);
    all.push_back(std::move(answer));
  }
  for (const Store& store : stores_) {
    for (const auto& [id, value] : store.data().initial) {
      SandboxAnswer answer;
      answer.kind = Kind::document;
      answer.path = fmt::format("{}/{}", path_of(store.data().segments), percent_encode(id));
      all.push_back(std::move(answer));
    }
  }
  return all;
}

const Resource* Documents::find(const Visit& visit,
                                const std::vector<std::string>& segments) const {
  const std::string_view method = visit.request.method;
  const std::string_view served = method == "HEAD" ? "GET" : method;
  const FormFields query = parse_form(visit.query);
  for (const Resource& resource : resources_) {
    if (resource.method == served && resource.segments == segments &&
        has_all(query, resource.query)) {
      return &resource;
    }
  }
  return nullptr;
}

std::string Documents::allowed(const std::vector<std::string>& segments) const {
  std::string methods;
  for (const Resource& resource : resources_) {
    if (resource.segments == segments && resource.query.empty()) {
      methods += methods.empty() ? "" : ", ";
      methods += resource.method;
    }
  }
  return methods;
}

std::optional<bool> Documents::is_anonymous(const Visit& visit, std::string_view path) const {
  const Resource* resource = find(visit, segments_of(path));
  return resource == nullptr ? std::nullopt : std::optional(resource->anonymous);
}

std::optional<ServerResponse> Documents::answer(const Visit& visit,
                                                std::string_view path,
                                                std::string_view user) {
  const std::vector<std::string> segments = segments_of(path);
  const Names names{user, visit.base_url, version_};
  if (const Resource* resource = find(visit, segments)) {
    return answer_of(*resource, names);
  }
  for (const List& list : lists_) {
    if (segments == list.segments) {
      return on_list(visit, list, names);
    }
  }
  for (Store& store : stores_) {
    if (is_one_of(segments, store.data().segments)) {
      return on_document(visit, store, segments.back(), names);
    }
  }
  const std::string methods = allowed(segments);
  return methods.empty() ? std::nullopt : std::optional(method_refused(methods));
}

std::optional<ServerResponse> Documents::check_version(const Store& store,
                                                       const Document& document,
                                                       json::Value& value) const {
  const auto& pointer = store.data().version;
  if (!pointer) {
    return std::nullopt;
  }
  if (document.value.is_null()) {
    put_at(value, *pointer, std::int64_t{1});
    return std::nullopt;
  }
  const std::int64_t next = number_at(document.value, *pointer) + 1;
  if (number_at(value, *pointer) == next) {
    return std::nullopt;
  }
  return error_answer(
      product_, 409, fmt::format("the version at {} has to be {} now", *pointer, next));
}

std::optional<ServerResponse> Documents::put(const Visit& visit,
                                             const Store& store,
                                             Document& document) {
  auto value = json::parse(visit.request.body, longest_document);
  if (!value) {
    return error_answer(product_, 400, value.error().message);
  }
  if (value->as_object() == nullptr) {
    return error_answer(product_, 400, "the body must be a JSON object");
  }
  if (auto refused = check_version(store, document, *value)) {
    return refused;
  }
  const std::size_t cost = visit.request.body.size() + cost_of_one;
  if (stored_bytes_ - document.cost + cost > most_stored) {
    return error_answer(product_, 507, "the store of this stand-in site is full");
  }
  stored_bytes_ = stored_bytes_ - document.cost + cost;
  document.cost = cost;
  document.value = *std::move(value);
  document.value.set(store.data().id_member, document.id);
  return std::nullopt;
}

ServerResponse Documents::add(const Visit& visit, Store& store) {
  Document document;
  document.id = store.next_id();
  if (auto refused = put(visit, store, document)) {
    return *std::move(refused);
  }
  ServerResponse response = json_answer(201, document.value);
  const std::string location = visit.base_url + path_of(store.data().segments);
  response.headers.add("Location", fmt::format("{}/{}", location, percent_encode(document.id)));
  store.add(std::move(document));
  return response;
}

ServerResponse Documents::on_list(const Visit& visit, const List& list, const Names& names) {
  const std::string& method = visit.request.method;
  Store& store = stores_[list.store];
  const bool is_collection = list.segments == store.data().segments;
  if (method == "POST" && is_collection) {
    return add(visit, store);
  }
  if (method != "GET" && method != "HEAD") {
    return method_refused(is_collection ? "GET, POST" : "GET");
  }
  const std::vector<Document>& documents = store.list();
  const auto value = [&](std::size_t i) { return value_of(documents[i], names); };
  return page_answer(visit, product_, {list.pager, list.items, documents.size(), value});
}

ServerResponse Documents::on_document(const Visit& visit,
                                      Store& store,
                                      const std::string& id,
                                      const Names& names) {
  Document* const document = store.find(id);
  if (document == nullptr) {
    return error_answer(product_, 404, "there is no such thing here");
  }
  const std::string& method = visit.request.method;
  if (method == "DELETE") {
    stored_bytes_ -= document->cost;
    store.remove(*document);
    ServerResponse response;
    response.status = 204;
    return response;
  }
  if (method == "PUT") {
    if (auto refused = put(visit, store, *document)) {
      return *std::move(refused);
    }
  } else if (method != "GET" && method != "HEAD") {
    return method_refused("GET, PUT, DELETE");
  }
  return json_answer(200, value_of(*document, names));
}

}  // namespace atlink::plugins::sandbox
