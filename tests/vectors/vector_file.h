// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink::vectors {

/// One file of vectors, whole. README.md beside this says what stands in it.
struct VectorFile {
  std::string path;
  json::Value document;

  [[nodiscard]] const json::Array& vectors() const;

  /// PEM of one half ("private", "public") of a key that the file brings; empty where it does not.
  [[nodiscard]] std::string_view key(std::string_view name, std::string_view half) const;
};

/// Reads a file. Fails with `file_unreadable`, `json_invalid`, or `file_damaged` where it is JSON
/// but no file of vectors.
[[nodiscard]] Result<VectorFile> read_vector_file(const std::string& path);

/// The .json files that an argument stands for: itself, or all below a folder, sorted. Fails with
/// `file_not_found`.
[[nodiscard]] Result<std::vector<std::string>> files_of(const std::string& argument);

/// The text of a member; empty where there is none.
[[nodiscard]] std::string_view text_of(const json::Value& value, std::string_view member);

}  // namespace atlink::vectors
