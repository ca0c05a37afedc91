// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/json.h"
#include "atlink/result.h"
#include "atlink/text.h"
#include "atlink/version.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Named REST calls of a product, as its description says them, and how values get into them.
namespace atlink {

/// The names that a template may use and their values. No name ever stands for a secret.
using TemplateValues = std::vector<std::pair<std::string, std::string>>;

/// How a text becomes a literal of a query language: put between quotes, in which quote and escape
/// are escaped.
struct QueryLanguage {
  std::string name;
  /// One character each.
  std::string quote = "\"";
  std::string escape = "\\";
};

/// A value that the caller of an operation gives.
struct OperationParameter {
  enum class Type {
    text,
    /// In JSON, a string that is nothing but {name} becomes the value itself: a JSON number, true
    /// or false, or any JSON value.
    number,
    flag,
    json,
    /// In a path, its slashes separate segments.
    path,
  };
  std::string name;
  std::string summary;
  bool required = false;
  /// Name of a query language, in which the value becomes a literal; empty: it stays as it is.
  std::string literal;
  Type type = Type::text;
  /// What counts where the caller gives nothing; none where the parameter is left out then.
  std::optional<std::string> default_text{};
  /// Added to a number before it goes out: 1 for a server that wants the version to come where
  /// people know the one that is there. 0 for parameters that are no numbers.
  std::int64_t add = 0;
};

/// How a file is sent (RFC 7578) and what the answer says of it.
struct UploadRule {
  /// Name of the part with the file.
  std::string field;
  /// Whether several files may go at once.
  bool several = false;
  /// Statuses that may mean that the file is too large.
  std::vector<int> too_large_statuses{413};
};

/// How a file is fetched.
struct DownloadRule {
  /// JSON pattern of the file's URL in the answer; empty where the answer is the file.
  std::string url;
  /// Whether the server may lead to another origin, where no credential goes.
  bool leads_away = false;
};

/// One REST call. A value of a parameter that was not given leaves out the query entry, form field
/// or JSON member that is made of it.
struct Operation : VersionRange {
  std::string name;
  std::string summary;
  std::string method = "GET";
  /// Relative to the base URL, with {parameter} in places of whole or part segments.
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<OperationParameter> parameters;
  /// What is sent: `json`, `form`, or a file (`upload`), beside which `form` has the other fields
  /// of the same body. Strings of `json` are templates; one that is "{null}" stands for null.
  std::optional<json::Value> json;
  std::vector<std::pair<std::string, std::string>> form;
  std::optional<UploadRule> upload;
  std::optional<DownloadRule> download;
  /// Name of the pager; empty where the answer is whole.
  std::string pager;
  /// Whether repeating it does no harm although its method does not say so. Never for POST or
  /// PATCH: that takes the person's word.
  bool safe_to_repeat = false;
};

/// One call of a recipe.
struct RecipeStep {
  /// Name of an operation.
  std::string operation;
  /// Its parameters: templates over the recipe's parameters and what was kept before.
  std::vector<std::pair<std::string, std::string>> with;
  /// What to keep of the answer: name → JSON pointer.
  std::vector<std::pair<std::string, std::string>> keep;
};

/// A named task of a few operations.
struct Recipe {
  std::string name;
  std::string summary;
  std::vector<OperationParameter> parameters;
  std::vector<RecipeStep> steps;
};

/// An operation with its values in place, ready for `Client`.
struct FilledOperation {
  std::string method;
  /// Encoded, without query.
  std::string path;
  /// Raw.
  FormFields query;
  /// The body, or the fields that go beside the file of an upload.
  std::optional<FormFields> form;
  /// JSON text; empty where there is none.
  std::string json;
  bool safe_to_repeat = false;
};

/// Replaces {name} by its value, unencoded: for text that a person reads. An unknown name fails
/// with `plugin_invalid`; "{{" and "}}" are braces.
[[nodiscard]] ATLINK_API Result<std::string> expand(std::string_view text,
                                                    const TemplateValues& values);

/// Puts values into an operation, each encoded for its place: percent-encoded in the path (where
/// only one of type `path` can add a segment, and none can become "." or ".."), raw in query and
/// form, which are encoded when they are sent (or stand as parts beside a file), as JSON text or a
/// value of the parameter's type in JSON, and as a literal first where the parameter asks for one.
/// Fails with `usage` for a required parameter without a value, an unknown one, or a value that
/// cannot stand in its place (an empty segment, control characters in a literal, a number that is
/// none).
[[nodiscard]] ATLINK_API Result<FilledOperation> fill_in(
    const Operation& operation,
    const std::vector<QueryLanguage>& languages,
    const TemplateValues& values);

/// The names in braces of a template, in order; none for text that is no template.
[[nodiscard]] ATLINK_API std::vector<std::string> names_in(std::string_view text);

}  // namespace atlink
