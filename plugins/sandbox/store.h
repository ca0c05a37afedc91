// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "plugins/sandbox/testdata.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace atlink::plugins::sandbox {

/// One object of a collection.
struct Document {
  std::string id;
  json::Value value;
  /// Bytes that it counts against the bound of the store; 0 for those of the testdata, in which
  /// names are filled in.
  std::size_t cost = 0;
  /// Taken out, and only here until the next listing.
  bool gone = false;
};

/// The documents of a collection, in the order in which they came. Looking one up, adding and
/// removing take the same time however many there are.
class Store {
 public:
  explicit Store(CollectionData data);

  [[nodiscard]] const CollectionData& data() const { return data_; }

  /// Null where there is none; valid until the next change.
  [[nodiscard]] Document* find(const std::string& id);

  /// The id that the next document gets.
  [[nodiscard]] std::string next_id() const;

  /// Adds a document under `next_id`.
  void add(Document document);

  void remove(const Document& document);

  /// All of them.
  [[nodiscard]] const std::vector<Document>& list();

 private:
  void put(Document document);
  /// Drops what is gone.
  void sweep();

  CollectionData data_;
  std::vector<Document> documents_;
  std::unordered_map<std::string, std::size_t> places_;
  std::size_t gone_ = 0;
  /// Number of the last id that was given.
  std::int64_t last_id_ = 0;
};

}  // namespace atlink::plugins::sandbox
