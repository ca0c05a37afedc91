// SPDX-License-Identifier: Apache-2.0
#include "core/base/record_reader.h"

#include <fmt/format.h>

#include <utility>

namespace atlink {

RecordReader::RecordReader(const json::Value& document,
                           std::string file,
                           ErrorCode code,
                           std::string next)
    : document_(&document), file_(std::move(file)), code_(code), next_(std::move(next)) {}

const json::Value* RecordReader::find(std::string_view member) const {
  const json::Value* value = document_->find(member);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Error RecordReader::wrong(std::string_view member, std::string_view what) const {
  return make_error(
             code_, fmt::format("member \"{}{}\" of {} {}", prefix_, member, file_, what), next_)
      .with("file", file_)
      .with("member", prefix_ + std::string(member));
}

Result<std::optional<std::string>> RecordReader::optional_text(std::string_view member) const {
  const json::Value* value = find(member);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (value->as_string() == nullptr) {
    return fail(wrong(member, fmt::format("must be a string, and is of kind {}", value->kind())));
  }
  return *value->as_string();
}

Result<std::string> RecordReader::text(std::string_view member) const {
  ATLINK_ASSIGN(std::optional<std::string> found, optional_text(member));
  if (!found) {
    return fail(wrong(member, "is missing"));
  }
  return *std::move(found);
}

Result<std::int64_t> RecordReader::integer(std::string_view member) const {
  const json::Value* value = find(member);
  if (value == nullptr) {
    return fail(wrong(member, "is missing"));
  }
  if (value->as_integer() == nullptr) {
    return fail(
        wrong(member, fmt::format("must be a whole number, and is of kind {}", value->kind())));
  }
  return *value->as_integer();
}

Result<bool> RecordReader::flag(std::string_view member) const {
  const json::Value* value = find(member);
  if (value == nullptr) {
    return false;
  }
  if (value->as_bool() == nullptr) {
    return fail(
        wrong(member, fmt::format("must be true or false, and is of kind {}", value->kind())));
  }
  return *value->as_bool();
}

Result<RecordReader> RecordReader::object(std::string_view member) const {
  const json::Value* value = find(member);
  if (value == nullptr) {
    return fail(wrong(member, "is missing"));
  }
  if (value->as_object() == nullptr) {
    return fail(wrong(member, fmt::format("must be an object, and is of kind {}", value->kind())));
  }
  RecordReader inner(*value, file_, code_, next_);
  inner.prefix_ = fmt::format("{}{}.", prefix_, member);
  return inner;
}

Result<std::map<std::string, std::string>> RecordReader::texts(std::string_view member) const {
  std::map<std::string, std::string> texts;
  if (find(member) == nullptr) {
    return texts;
  }
  ATLINK_ASSIGN(const RecordReader inner, object(member));
  for (const auto& [name, value] : *inner.document_->as_object()) {
    ATLINK_ASSIGN(texts[name], inner.text(name));
  }
  return texts;
}

}  // namespace atlink
