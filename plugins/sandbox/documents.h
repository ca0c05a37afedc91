// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/text.h"
#include "plugins/sandbox/visit.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// A fixed answer of the product's testdata.
struct Resource {
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

/// One object of a collection.
struct Document {
  std::string id;
  json::Value value;
  /// Bytes that it counts against the bound of the store; 0 for those of the testdata, in which
  /// {user} and {base_url} are filled in.
  std::size_t cost = 0;
};

/// A small store of JSON objects of the product's testdata.
struct Collection {
  std::vector<std::string> segments;
  std::string id_member;
  std::string id_prefix;
  std::vector<Document> documents;
  /// Number of the last id that was given.
  std::int64_t last_id = 0;
};

/// What the testdata of a product says.
struct Testdata {
  std::vector<Resource> resources;
  std::vector<Collection> collections;
};

/// Reads testdata/sandbox.json of the first of `folders` that has one; empty testdata if none has.
/// Fails with `plugin_invalid`, naming the file and the place in it, and with `file_*`.
[[nodiscard]] Result<Testdata> read_testdata(FileSystem& files,
                                             const std::vector<std::string>& folders);

/// The REST resources of the site.
class Documents {
 public:
  Documents(const Product& product, Testdata testdata);

  /// Whether anybody may have what this request asks for.
  [[nodiscard]] bool is_anonymous(const Visit& visit, std::string_view path) const;

  /// The answer to a request for `path` (encoded, relative to the base URL); none where there is
  /// nothing of that name. `user` stands for {user}; it is empty for those not signed in.
  [[nodiscard]] std::optional<ServerResponse> answer(const Visit& visit,
                                                     std::string_view path,
                                                     std::string_view user);

 private:
  [[nodiscard]] const Resource* find(const Visit& visit,
                                     const std::vector<std::string>& segments) const;
  [[nodiscard]] std::string allowed(const std::vector<std::string>& segments) const;
  [[nodiscard]] ServerResponse on_collection(const Visit& visit,
                                             Collection& collection,
                                             std::string_view user);
  [[nodiscard]] ServerResponse on_document(const Visit& visit,
                                           Collection& collection,
                                           const std::string& id,
                                           std::string_view user);
  [[nodiscard]] ServerResponse add(const Visit& visit, Collection& collection);
  /// Puts the JSON object of the body in place of `document`, or says why not.
  [[nodiscard]] std::optional<ServerResponse> store(const Visit& visit,
                                                    const Collection& collection,
                                                    Document& document);

  const Product& product_;
  Testdata testdata_;
  std::size_t stored_bytes_ = 0;
};

}  // namespace atlink::plugins::sandbox
