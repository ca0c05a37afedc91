// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/names.h"
#include "plugins/sandbox/sandbox.h"
#include "plugins/sandbox/store.h"
#include "plugins/sandbox/visit.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// The REST resources of the testdata: fixed answers, collections and lists of them.
class Documents {
 public:
  /// `version` stands for {version}.
  Documents(const Product& product, Testdata testdata, std::string version);

  /// What can be asked for.
  [[nodiscard]] std::vector<SandboxAnswer> answers() const;

  /// Whether anybody may have the fixed answer that this request asks for; none where there is
  /// none.
  [[nodiscard]] std::optional<bool> is_anonymous(const Visit& visit, std::string_view path) const;

  /// The answer to a request for `path` (encoded, relative to the base URL); none where there is
  /// nothing of that name. `user` stands for {user}; it is empty for those not signed in.
  [[nodiscard]] std::optional<ServerResponse> answer(const Visit& visit,
                                                     std::string_view path,
                                                     std::string_view user);

 private:
  /// A path under which a collection is listed.
  struct List {
    std::vector<std::string> segments;
    std::size_t store = 0;
    const Pager* pager = nullptr;
    std::optional<std::string> items;
  };

  void add_list(std::vector<std::string> segments, std::size_t store, const ListShape& shape);
  [[nodiscard]] const Resource* find(const Visit& visit,
                                     const std::vector<std::string>& segments) const;
  [[nodiscard]] std::string allowed(const std::vector<std::string>& segments) const;
  [[nodiscard]] ServerResponse on_list(const Visit& visit, const List& list, const Names& names);
  [[nodiscard]] ServerResponse on_document(const Visit& visit,
                                           Store& store,
                                           const std::string& id,
                                           const Names& names);
  [[nodiscard]] ServerResponse add(const Visit& visit, Store& store);
  /// Puts the JSON object of the body in place of `document`, or says why not.
  [[nodiscard]] std::optional<ServerResponse> put(const Visit& visit,
                                                  const Store& store,
                                                  Document& document);
  /// Refuses what does not raise the version of a document by one; gives a new one the first.
  [[nodiscard]] std::optional<ServerResponse> check_version(const Store& store,
                                                            const Document& document,
                                                            json::Value& value) const;

  const Product& product_;
  std::string version_;
  std::vector<Resource> resources_;
  std::vector<Store> stores_;
  std::vector<List> lists_;
  std::size_t stored_bytes_ = 0;
};

}  // namespace atlink::plugins::sandbox
