// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/sandbox/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr const char* mend = "mend the file, or take it away to play without its resources";

/// A value of the file and where it stands, for messages.
struct Place {
  const json::Value& value;
  std::string where;

  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view what) const {
    return fail(ErrorCode::plugin_invalid, fmt::format("{}: {}", where, what), mend);
  }

  [[nodiscard]] Place at(std::string_view name) const {
    static const json::Value none;
    const json::Value* member = value.find(name);
    return {member == nullptr ? none : *member, fmt::format("{}/{}", where, name)};
  }
};

Status check_members(const Place& place, std::initializer_list<std::string_view> known) {
  const json::Object* object = place.value.as_object();
  if (object == nullptr) {
    return place.wrong("must be an object");
  }
  for (const auto& [name, value] : *object) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return place.wrong(fmt::format("has the unknown member \"{}\"", printable(name, 60)));
    }
  }
  return {};
}

/// A string, or `fallback` where nothing stands.
Result<std::string> read_string(const Place& place, std::string_view fallback) {
  if (place.value.is_null()) {
    return std::string(fallback);
  }
  const std::string* text = place.value.as_string();
  return text == nullptr ? Result<std::string>(place.wrong("must be a string"))
                         : Result<std::string>(*text);
}

Result<bool> read_flag(const Place& place) {
  if (place.value.is_null()) {
    return false;
  }
  const bool* flag = place.value.as_bool();
  return flag == nullptr ? Result<bool>(place.wrong("must be true or false")) : Result<bool>(*flag);
}

Result<std::vector<std::string>> read_path(const Place& place) {
  ATLINK_ASSIGN(const std::string path, read_string(place, ""));
  if (path.size() < 2 || path.front() != '/') {
    return place.wrong("must be a path that begins with \"/\"");
  }
  return segments_of(path);
}

Result<int> read_status(const Place& place) {
  if (place.value.is_null()) {
    return 200;
  }
  const std::int64_t* status = place.value.as_integer();
  if (status == nullptr || *status < 200 || *status > 599) {
    return place.wrong("must be a status from 200 to 599");
  }
  return static_cast<int>(*status);
}

/// Names and values of an object of strings.
Result<FormFields> read_fields(const Place& place) {
  FormFields fields;
  if (place.value.is_null()) {
    return fields;
  }
  const json::Object* object = place.value.as_object();
  if (object == nullptr) {
    return place.wrong("must be an object");
  }
  for (const auto& [name, value] : *object) {
    const std::string* text = value.as_string();
    if (text == nullptr) {
      return place.at(name).wrong("must be a string");
    }
    fields.emplace_back(name, *text);
  }
  return fields;
}

Result<Headers> read_headers(const Place& place) {
  ATLINK_ASSIGN(const FormFields fields, read_fields(place));
  Headers headers;
  for (const auto& [name, value] : fields) {
    if (!check_header(name, value)) {
      return place.wrong(fmt::format("\"{}\" is no header", printable(name, 60)));
    }
    headers.add(name, value);
  }
  return headers;
}

Result<Resource> read_resource(const Place& place) {
  ATLINK_CHECK(check_members(
      place,
      {"method", "path", "query", "status", "headers", "body", "text", "anonymous", "note"}));
  Resource resource;
  ATLINK_ASSIGN(resource.method, read_string(place.at("method"), "GET"));
  if (!check_method(resource.method)) {
    return place.at("method").wrong("must be a method in capital letters");
  }
  ATLINK_ASSIGN(resource.segments, read_path(place.at("path")));
  ATLINK_ASSIGN(resource.query, read_fields(place.at("query")));
  ATLINK_ASSIGN(resource.status, read_status(place.at("status")));
  ATLINK_ASSIGN(resource.headers, read_headers(place.at("headers")));
  ATLINK_ASSIGN(resource.anonymous, read_flag(place.at("anonymous")));
  resource.body = place.at("body").value;
  if (place.value.find("text") != nullptr) {
    ATLINK_ASSIGN(resource.text, read_string(place.at("text"), ""));
    if (!resource.body.is_null()) {
      return place.wrong("has both a body and a text");
    }
  }
  return resource;
}

/// The number in an id such as "T-12"; 0 for anything else.
std::int64_t number_of(std::string_view id, std::string_view prefix) {
  const std::string_view digits = id.substr(std::min(prefix.size(), id.size()));
  const bool fits = id.substr(0, prefix.size()) == prefix && !digits.empty() &&
                    digits.size() < 16 &&
                    digits.find_first_not_of("0123456789") == std::string_view::npos;
  return fits ? std::stoll(std::string(digits)) : 0;
}

Status read_initial(const Place& place, Collection& collection) {
  if (place.value.is_null()) {
    return {};
  }
  const json::Array* documents = place.value.as_array();
  if (documents == nullptr) {
    return place.wrong("must be an array");
  }
  for (std::size_t i = 0; i < documents->size(); ++i) {
    const Place document{(*documents)[i], fmt::format("{}/{}", place.where, i)};
    const json::Value* id = document.value.find(collection.id_member);
    if (id == nullptr || id->as_string() == nullptr) {
      return document.wrong(
          fmt::format("must have the string \"{}\"", printable(collection.id_member, 60)));
    }
    collection.last_id =
        std::max(collection.last_id, number_of(*id->as_string(), collection.id_prefix));
    collection.documents.push_back({*id->as_string(), document.value, 0});
  }
  return {};
}

Result<Collection> read_collection(const Place& place) {
  ATLINK_CHECK(check_members(place, {"path", "id_member", "id_prefix", "initial", "note"}));
  Collection collection;
  ATLINK_ASSIGN(collection.segments, read_path(place.at("path")));
  ATLINK_ASSIGN(collection.id_member, read_string(place.at("id_member"), "id"));
  ATLINK_ASSIGN(collection.id_prefix, read_string(place.at("id_prefix"), ""));
  ATLINK_CHECK(read_initial(place.at("initial"), collection));
  return collection;
}

/// Each element of an array of the file, read by `read`.
template <class T>
Result<std::vector<T>> read_each(const Place& place, Result<T> (*read)(const Place&)) {
  std::vector<T> read_ones;
  if (place.value.is_null()) {
    return read_ones;
  }
  const json::Array* elements = place.value.as_array();
  if (elements == nullptr) {
    return place.wrong("must be an array");
  }
  for (std::size_t i = 0; i < elements->size(); ++i) {
    ATLINK_ASSIGN(T one, read(Place{(*elements)[i], fmt::format("{}/{}", place.where, i)}));
    read_ones.push_back(std::move(one));
  }
  return read_ones;
}

Result<Testdata> parse_testdata(const std::string& path, std::string_view text) {
  auto document = json::parse(text);
  if (!document) {
    return fail(ErrorCode::plugin_invalid,
                fmt::format("{}: {}", printable(path), document.error().message),
                mend);
  }
  const Place root{*document, printable(path) + ": "};
  ATLINK_CHECK(check_members(root, {"resources", "collections", "note"}));
  Testdata testdata;
  ATLINK_ASSIGN(testdata.resources, read_each(root.at("resources"), &read_resource));
  ATLINK_ASSIGN(testdata.collections, read_each(root.at("collections"), &read_collection));
  return testdata;
}

}  // namespace

Result<Testdata> read_testdata(FileSystem& files, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    const std::string path = folder + "/testdata/sandbox.json";
    auto text = files.read_all(path);
    if (text) {
      return parse_testdata(path, *text);
    }
    if (text.error().code != ErrorCode::file_not_found) {
      return fail(std::move(text).error());
    }
  }
  return Testdata{};
}

}  // namespace atlink::plugins::sandbox
