// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "atlink/json.h"
#include "core/base/record_reader.h"

#include <optional>
#include <string>

/// Members that the secret records have in common.
namespace atlink::records {

/// A JSON document whose strings are overwritten when it goes.
class WipedDocument {
 public:
  explicit WipedDocument(json::Value value) : value_(std::move(value)) {}

  WipedDocument(const WipedDocument&) = delete;
  WipedDocument& operator=(const WipedDocument&) = delete;
  ~WipedDocument();

  [[nodiscard]] json::Value& value() { return value_; }

 private:
  json::Value value_;
};

/// A secret; empty where the member is absent or null.
[[nodiscard]] Result<Secret> read_secret(const RecordReader& record, std::string_view member);

/// A time in RFC 3339, or none where the member is absent or null.
[[nodiscard]] Result<std::optional<TimePoint>> read_time(const RecordReader& record,
                                                         std::string_view member);

[[nodiscard]] Result<IssuedFor> read_issued_for(const RecordReader& record);

/// Fails for a format that this release does not read.
Status check_format(const RecordReader& record);

void put_secret(json::Value& document, const std::string& member, const Secret& secret);
void put_time(json::Value& document,
              const std::string& member,
              const std::optional<TimePoint>& time);
/// Leaves an empty text out.
void put_text(json::Value& document, const std::string& member, const std::string& text);
/// The oldest format that says it all, so that an older release reads what it can understand.
[[nodiscard]] std::int64_t format_for(const IssuedFor& issued_for);
void put_issued_for(json::Value& document, const IssuedFor& issued_for);

}  // namespace atlink::records
