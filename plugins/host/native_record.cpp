// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_record.h"

#include "atlink/json.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::plugins {

namespace {

constexpr unsigned folder_mode = 0700;
constexpr unsigned file_mode = 0600;
constexpr unsigned right_of_others_to_write = 0022;
constexpr std::chrono::seconds patience{10};
constexpr int format = 1;

Error damaged(const std::string& path, const std::string& why) {
  return make_error(ErrorCode::file_damaged,
                    fmt::format("{} cannot be read: {}", printable(path), printable(why)),
                    "remove it, and trust again the modules that you use: atlink plugin trust ID")
      .with("file", path);
}

/// Only the user, or root, may have written what decides over running code.
Status judge(FileSystem& files, const std::string& path, FileKind kind) {
  ATLINK_ASSIGN(const FileInfo info, files.stat(path, kind == FileKind::folder));
  if (info.kind != kind) {
    return fail(damaged(path, "it is not what belongs there"));
  }
  const bool foreign = info.owner != files.user() && info.owner != 0;
  if (!foreign && (info.mode & right_of_others_to_write) == 0) {
    return {};
  }
  return fail(make_error(ErrorCode::file_permissions,
                         foreign ? fmt::format("{} belongs to user {}", printable(path), info.owner)
                                 : fmt::format("others can write to {}", printable(path)),
                         fmt::format("make it yours alone (chmod go-w '{}') after you looked at "
                                     "what is in it",
                                     printable(path)))
                  .with("file", path));
}

const std::string& text_of(const json::Value& object, std::string_view name) {
  static const std::string none;
  const json::Value* const member = object.find(name);
  const std::string* const text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? none : *text;
}

Result<std::vector<TrustRecord>> from_json(const json::Value& document, const std::string& path) {
  const json::Value* const list = document.find("trusted");
  const json::Value* const version = document.find("format");
  if (list == nullptr || list->as_array() == nullptr || version == nullptr ||
      *version != json::Value(format)) {
    return fail(damaged(path, "it is of another format"));
  }
  std::vector<TrustRecord> records;
  for (const json::Value& each : *list->as_array()) {
    const auto when = from_rfc3339(text_of(each, "when"));
    TrustRecord record{text_of(each, "id"),
                       text_of(each, "folder"),
                       text_of(each, "sha256"),
                       when.value_or(TimePoint())};
    if (record.id.empty() || record.folder.empty() || record.sha256.size() != 64 || !when) {
      return fail(damaged(path, fmt::format("record {} is not whole", records.size() + 1)));
    }
    records.push_back(std::move(record));
  }
  return records;
}

json::Value to_json(const std::vector<TrustRecord>& records) {
  json::Array list;
  for (const TrustRecord& record : records) {
    json::Value each;
    each.set("id", record.id);
    each.set("folder", record.folder);
    each.set("sha256", record.sha256);
    each.set("when", to_rfc3339(record.when));
    list.push_back(std::move(each));
  }
  json::Value document;
  document.set("format", format);
  document.set("trusted", std::move(list));
  return document;
}

}  // namespace

Result<std::vector<TrustRecord>> NativeRecord::read() {
  if (folder_.empty()) {
    return std::vector<TrustRecord>();
  }
  const auto there = files_.stat(path(), false);
  if (!there && there.error().code == ErrorCode::file_not_found) {
    return std::vector<TrustRecord>();
  }
  ATLINK_CHECK(judge(files_, folder_, FileKind::folder));
  ATLINK_CHECK(judge(files_, path(), FileKind::regular));
  ATLINK_ASSIGN(const std::string text, files_.read_all(path()));
  const auto document = json::parse(text);
  if (!document) {
    return fail(damaged(path(), document.error().message));
  }
  return from_json(*document, path());
}

Status NativeRecord::change(const std::function<void(std::vector<TrustRecord>& records)>& how) {
  if (folder_.empty()) {
    return fail(ErrorCode::file_unwritable,
                "there is no folder to keep trust in: neither XDG_STATE_HOME nor HOME is set",
                "set one of them, or give --plugin-sha256 HASH with each command");
  }
  ATLINK_CHECK(files_.make_folders(folder_, folder_mode));
  ATLINK_ASSIGN(const auto lock, files_.lock(folder_ + "/trusted-modules.lock", patience));
  ATLINK_ASSIGN(std::vector<TrustRecord> records, read());
  how(records);
  return files_.write_all(path(), json::write(to_json(records), 2), file_mode);
}

}  // namespace atlink::plugins
