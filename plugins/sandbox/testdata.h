// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"
#include "atlink/text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace atlink::plugins::sandbox {

/// A fixed answer of the product's testdata.
struct Resource {
  /// The deployment that gives it; none for all.
  std::optional<Deployment> deployment;
  std::string method;
  std::vector<std::string> segments;
  /// What the query of a request must have among other things.
  FormFields query;
  int status = 200;
  Headers headers;
  json::Value body;
  /// Instead of `body`.
  std::optional<std::string> text;
  /// Whether it is given to those who have not signed in as well.
  bool anonymous = false;
};

/// How a list is given out.
struct ListShape {
  /// Name of a pager; empty for all of it in one answer. One that the deployment does not have is
  /// no error: testdata serves all of them.
  std::string pager;
  /// Where the items stand; none for the first place of the pager.
  std::optional<std::string> items;
};

/// A small store of JSON objects of the product's testdata.
struct CollectionData {
  std::vector<std::string> segments;
  std::string id_member;
  std::string id_prefix;
  /// Where a number stands that whoever replaces a document has to raise by one; none where nobody
  /// has to.
  std::optional<std::string> version;
  std::vector<std::pair<std::string, json::Value>> initial;
  /// Documents from the start: the last of `initial` is copied with further ids.
  std::size_t fill = 0;
  ListShape shape;
};

/// A collection that can be listed under another path as well.
struct ListData {
  std::vector<std::string> segments;
  /// The path of the collection.
  std::vector<std::string> of;
  ListShape shape;
};

/// A file of an upload or of the testdata.
struct StoredFile {
  std::string id;
  std::string name;
  std::string type = "application/octet-stream";
  std::string bytes;
};

/// How files are taken and told.
struct FilesData {
  std::vector<StoredFile> initial;
  /// Bytes of a file at most.
  std::int64_t largest = std::int64_t{10} << 20;
  /// Where the list of stored files stands in the answer to an upload; none for the files alone.
  std::optional<std::string> items;
};

/// What the testdata of a product says.
struct Testdata {
  /// Of the product that is played where nobody says another; may be empty.
  std::string version;
  std::vector<Resource> resources;
  std::vector<CollectionData> collections;
  std::vector<ListData> lists;
  FilesData files;
};

/// Reads testdata/sandbox.json of the first of `folders` that has one; empty testdata if none has.
/// Fails with `plugin_invalid`, naming the file and the place in it, and with `file_*`.
[[nodiscard]] Result<Testdata> read_testdata(FileSystem& files,
                                             const std::vector<std::string>& folders);

}  // namespace atlink::plugins::sandbox
