// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "atlink/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace atlink {

/// Reads the members of one of our own JSON files. Every error names file and member, says what is
/// wrong with it and carries the same way out; no error repeats a value, which may be secret.
class RecordReader {
 public:
  /// `document` must outlive this. `code` and `next` are for every error.
  RecordReader(const json::Value& document, std::string file, ErrorCode code, std::string next);

  /// A string that must be there.
  [[nodiscard]] Result<std::string> text(std::string_view member) const;

  /// A string, or nothing where the member is absent or null.
  [[nodiscard]] Result<std::optional<std::string>> optional_text(std::string_view member) const;

  /// An integer that must be there.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view member) const;

  /// True or false; false where the member is absent or null.
  [[nodiscard]] Result<bool> flag(std::string_view member) const;

  /// A reader for the members of an object that must be there.
  [[nodiscard]] Result<RecordReader> object(std::string_view member) const;

  /// The strings of an object; none where the member is absent or null.
  [[nodiscard]] Result<std::map<std::string, std::string>> texts(std::string_view member) const;

  /// The member, or null where it is absent or null.
  [[nodiscard]] const json::Value* find(std::string_view member) const;

  /// "member "x" of FILE `what`".
  [[nodiscard]] Error wrong(std::string_view member, std::string_view what) const;

 private:
  const json::Value* document_;
  std::string file_;
  ErrorCode code_;
  std::string next_;
  std::string prefix_;
};

}  // namespace atlink
