// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/testdata.h"

#include "atlink/text.h"
#include "plugins/sandbox/place.h"
#include "plugins/sandbox/visit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::int64_t most_filled = 10000;
constexpr std::int64_t largest_file = std::int64_t{32} << 20;

Result<std::vector<std::string>> read_path(const Place& place) {
  ATLINK_ASSIGN(const std::string path, read_string(place, ""));
  if (path.size() < 2 || path.front() != '/') {
    return place.wrong("must be a path that begins with \"/\"");
  }
  return segments_of(path);
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
  ATLINK_CHECK(check_members(place,
                             {"deployment",
                              "method",
                              "path",
                              "query",
                              "status",
                              "headers",
                              "body",
                              "text",
                              "anonymous",
                              "note"}));
  Resource resource;
  ATLINK_ASSIGN(const std::string deployment, read_string(place.at("deployment"), ""));
  resource.deployment = deployment_from(deployment);
  if (!deployment.empty() && !resource.deployment) {
    return place.at("deployment").wrong("must be \"cloud\" or \"data-center\"");
  }
  ATLINK_ASSIGN(resource.method, read_string(place.at("method"), "GET"));
  if (!check_method(resource.method)) {
    return place.at("method").wrong("must be a method in capital letters");
  }
  ATLINK_ASSIGN(resource.segments, read_path(place.at("path")));
  ATLINK_ASSIGN(resource.query, read_fields(place.at("query")));
  ATLINK_ASSIGN(const std::int64_t status, read_integer(place.at("status"), 200, 599, 200));
  resource.status = static_cast<int>(status);
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

Result<ListShape> read_shape(const Place& place) {
  ListShape shape;
  ATLINK_ASSIGN(shape.pager, read_string(place.at("pager"), ""));
  ATLINK_ASSIGN(shape.items, read_pointer(place.at("items")));
  return shape;
}

Status read_initial(const Place& place, CollectionData& collection) {
  const auto read = [&](const Place& document) -> Result<std::pair<std::string, json::Value>> {
    const json::Value* id = document.value.find(collection.id_member);
    if (id == nullptr || id->as_string() == nullptr) {
      return document.wrong(
          fmt::format("must have the string \"{}\"", printable(collection.id_member, 60)));
    }
    return std::pair(*id->as_string(), document.value);
  };
  ATLINK_ASSIGN(collection.initial, read_each(place, read));
  return {};
}

Result<CollectionData> read_collection(const Place& place) {
  ATLINK_CHECK(check_members(
      place,
      {"path", "id_member", "id_prefix", "version", "initial", "fill", "pager", "items", "note"}));
  CollectionData collection;
  ATLINK_ASSIGN(collection.segments, read_path(place.at("path")));
  ATLINK_ASSIGN(collection.id_member, read_string(place.at("id_member"), "id"));
  ATLINK_ASSIGN(collection.id_prefix, read_string(place.at("id_prefix"), ""));
  ATLINK_ASSIGN(collection.version, read_pointer(place.at("version")));
  ATLINK_CHECK(read_initial(place.at("initial"), collection));
  ATLINK_ASSIGN(const std::int64_t fill, read_integer(place.at("fill"), 0, most_filled, 0));
  if (fill > 0 && collection.initial.empty()) {
    return place.at("fill").wrong("needs a document in \"initial\" to copy");
  }
  collection.fill = static_cast<std::size_t>(fill);
  ATLINK_ASSIGN(collection.shape, read_shape(place));
  return collection;
}

Result<ListData> read_list(const Place& place) {
  ATLINK_CHECK(check_members(place, {"path", "of", "pager", "items", "note"}));
  ListData list;
  ATLINK_ASSIGN(list.segments, read_path(place.at("path")));
  ATLINK_ASSIGN(list.of, read_path(place.at("of")));
  ATLINK_ASSIGN(list.shape, read_shape(place));
  return list;
}

Result<StoredFile> read_file(const Place& place) {
  ATLINK_CHECK(check_members(place, {"id", "name", "type", "text", "note"}));
  StoredFile file;
  ATLINK_ASSIGN(file.id, read_string(place.at("id"), ""));
  ATLINK_ASSIGN(file.name, read_string(place.at("name"), file.id));
  ATLINK_ASSIGN(file.type, read_string(place.at("type"), "text/plain;charset=UTF-8"));
  ATLINK_ASSIGN(file.bytes, read_string(place.at("text"), ""));
  if (file.id.empty() || !check_header("Content-Type", file.type)) {
    return place.wrong("needs an \"id\", and a \"type\" that a header can have");
  }
  return file;
}

Result<FilesData> read_files(const Place& place) {
  FilesData files;
  if (place.value.is_null()) {
    return files;
  }
  ATLINK_CHECK(check_members(place, {"initial", "largest", "items", "note"}));
  ATLINK_ASSIGN(files.initial, read_each(place.at("initial"), read_file));
  ATLINK_ASSIGN(files.largest, read_integer(place.at("largest"), 0, largest_file, files.largest));
  ATLINK_ASSIGN(files.items, read_pointer(place.at("items")));
  return files;
}

Status check_lists(const Place& place, const Testdata& testdata) {
  for (std::size_t i = 0; i < testdata.lists.size(); ++i) {
    const auto& collections = testdata.collections;
    const bool known = std::any_of(collections.begin(), collections.end(), [&](const auto& each) {
      return each.segments == testdata.lists[i].of;
    });
    if (!known) {
      return Place{place.value, fmt::format("{}/{}/of", place.where, i)}.wrong(
          "must be the path of a collection");
    }
  }
  return {};
}

Result<Testdata> read_document(const Place& root) {
  ATLINK_CHECK(
      check_members(root, {"version", "resources", "collections", "lists", "files", "note"}));
  Testdata testdata;
  ATLINK_ASSIGN(testdata.version, read_string(root.at("version"), ""));
  ATLINK_ASSIGN(testdata.resources, read_each(root.at("resources"), read_resource));
  ATLINK_ASSIGN(testdata.collections, read_each(root.at("collections"), read_collection));
  ATLINK_ASSIGN(testdata.lists, read_each(root.at("lists"), read_list));
  ATLINK_ASSIGN(testdata.files, read_files(root.at("files")));
  ATLINK_CHECK(check_lists(root.at("lists"), testdata));
  return testdata;
}

Result<Testdata> parse_testdata(const std::string& path, std::string_view text) {
  static const json::Value none;
  const auto document = json::parse(text);
  if (!document) {
    return Place{none, printable(path)}.wrong(document.error().message);
  }
  return read_document({*document, printable(path) + ": "});
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
