// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"

#include <map>
#include <set>
#include <string>

namespace atlink::tests {

/// plugins/schema/`name`.schema.json; stops the test where there is no such file.
[[nodiscard]] json::Value schema_of(const std::string& name);

/// Collects the members that a schema allows, as the reader lists its own.
class SchemaMembers {
 public:
  /// References without a file lead into `shared`, as those into its file do.
  SchemaMembers(const json::Value& schema, const json::Value& shared);

  std::set<std::string> all;
  /// The words that a member, or each element of its list, may be.
  std::map<std::string, std::set<std::string>> words;
  /// Those that are true or false.
  std::set<std::string> flags;

 private:
  void visit(const json::Value& schema, const std::string& at);
  void follow(const std::string& reference, const std::string& at);
  void take_words(const json::Value& schema, const std::string& at);

  const json::Value& shared_;
  std::set<std::string> open_;
};

}  // namespace atlink::tests
