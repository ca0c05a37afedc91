// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/result.h"
#include "plugins/host/registry.h"
#include "plugins/host/rule_list.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Judging one plugin folder by every rule, for those who write plugins: all that is wrong, not the
/// first thing only. The reader judges by the same rules; this only goes on where it stops.
namespace atlink::plugins {

/// One way in which a plugin breaks a rule.
struct BrokenRule {
  std::string rule;
  std::string file;
  /// From 1; 0 where it is not known.
  std::size_t line = 0;
  /// JSON pointer into the file; "" for all of it.
  std::string pointer;
  std::string message;
  /// What to do about it.
  std::string next;

  friend bool operator==(const BrokenRule&, const BrokenRule&) = default;
};

/// A plugin folder, and how it came to be looked at.
struct PluginPlace {
  std::string id;
  std::string folder;
  SearchFolder::From from = SearchFolder::From::flag;
};

/// What became of judging.
struct Judgement {
  std::vector<BrokenRule> broken;
  /// What works and is worth saying, by the rule that it is about.
  std::vector<BrokenRule> notes;
  /// The last stage that could be judged: rules of later ones were not looked at.
  RuleStage reached = RuleStage::file;
  /// The version that the file says, as far as it could be read.
  std::string version;
  /// The effective description. Its document is as complete as could be.
  Description description;
  /// What it says for each of its deployments, with the operations of its catalogues. Empty where
  /// anything is broken.
  std::vector<Product> products;
};

/// Whether a plugin can have this id: rule "id".
[[nodiscard]] bool is_plugin_id(std::string_view text);

/// Every rule, in the order in which they are told.
[[nodiscard]] std::span<const DescriptionRule> description_rules();

/// The plugin that counts for an id. Fails with `product_missing`, naming what there is.
[[nodiscard]] Result<PluginPlace> find_place(FileSystem& files,
                                             const std::vector<SearchFolder>& folders,
                                             std::string_view id);

/// Judges what lies at `place`. What it extends is looked for in `folders`. Never fails: what
/// cannot be read breaks a rule.
[[nodiscard]] Judgement judge(FileSystem& files,
                              const std::vector<SearchFolder>& folders,
                              const PluginPlace& place);

/// Whether a document has a member of one of these names (with spaces between), other than those
/// of one's own ("x-").
[[nodiscard]] bool has_member(const json::Value& document, std::string_view names);

}  // namespace atlink::plugins
