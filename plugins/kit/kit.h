// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "atlink/product.h"
#include "atlink/result.h"
#include "plugins/host/registry.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What keeps plugins honest: checks one by every rule and plays it on the sandbox, and writes the
/// beginnings of a new one. The one face of plugins/kit.
namespace atlink::plugins {

/// What became of one check.
enum class Outcome {
  pass,
  /// There was nothing to check, or something before it failed.
  skip,
  /// It works, and should not stay so.
  warn,
  fail,
};

/// "pass", "skip", "warn" or "fail".
[[nodiscard]] std::string_view to_string(Outcome outcome);

/// One thing that a check found, with its place as far as it has one.
struct Finding {
  std::string message;
  /// What to do about it; may be empty.
  std::string next;
  std::string file;
  /// From 1; 0 where it is not known.
  std::size_t line = 0;
  /// JSON pointer into the file.
  std::string pointer;
};

/// One check and what became of it.
struct Check {
  /// Stable, and one of its kind for a deployment: "rule.path", "play.dance.rsa-sha1.header".
  std::string name;
  /// Set where it was made for one deployment.
  std::optional<Deployment> deployment;
  Outcome outcome = Outcome::pass;
  /// Why it was skipped, or what was looked at; empty where `findings` say all.
  std::string message;
  /// All that it found: never empty for `warn` and `fail`.
  std::vector<Finding> findings;
  std::chrono::microseconds took{0};
};

struct CheckReport {
  std::string id;
  /// Of the description; empty where it could not be read.
  std::string version;
  std::string folder;
  std::vector<Check> checks;

  [[nodiscard]] std::size_t count(Outcome outcome) const;
};

struct CheckOptions {
  /// Where plugins are looked for, in order.
  std::vector<SearchFolder> folders;
  /// The plugin's id, or the absolute path of its folder: one of the two.
  std::string id;
  std::string folder;
  /// Plays only this deployment.
  std::optional<Deployment> deployment;
  /// Plays only what this version of the product has; empty: all versions.
  std::string site_version;
};

/// Checks a plugin: the rules of the reader, and where none is broken a dance and requests of every
/// deployment on the sandbox. The platform's transport is used for loopback only. Fails only where
/// there is nothing to check: `product_missing`, `file_not_found` and the like for the folder, and
/// `product_unsupported` for a deployment that the plugin does not have.
[[nodiscard]] Result<CheckReport> check_plugin(Platform platform, const CheckOptions& options);

/// A report as JUnit XML.
[[nodiscard]] std::string to_junit(const CheckReport& report);

struct NewPlugin {
  std::string id;
  /// For people; empty: made of the id.
  std::string name;
  /// The folder that the plugin's folder is made in, absolute.
  std::string parent;
  /// Where the JSON schema of descriptions is, for editors.
  std::string schema;
  /// The id of the description to build on; empty for one that stands alone.
  std::string extends;
  /// Whether it gets a native extension.
  bool native = false;
};

/// Writes the beginnings of a plugin, which pass `check_plugin`: the whole folder or nothing. Gives
/// the paths that were written. Fails with `usage` for what cannot be an id or a name,
/// `file_exists` where something has its place, and like the FileSystem.
[[nodiscard]] Result<std::vector<std::string>> write_plugin(FileSystem& files,
                                                            const NewPlugin& plugin);

}  // namespace atlink::plugins
