// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/json_file.h"

#include "atlink/text.h"
#include "plugins/host/rule_list.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

Error about(const Error& error, const std::string& path, RuleName rule, std::string next) {
  Error invalid = make_error(ErrorCode::plugin_invalid,
                             fmt::format("{}: {}", printable(path), printable(error.message)),
                             std::move(next));
  return std::move(invalid).with("file", path).with("rule", std::string(rule.str()));
}

}  // namespace

Result<std::string> load_text(FileSystem& files, const std::string& path) {
  ATLINK_ASSIGN(const FileInfo info, files.stat(path, true));
  if (info.kind != FileKind::regular) {
    return fail(about(make_error(ErrorCode::file_damaged, "this is not a regular file"),
                      path,
                      "file",
                      "put the description itself there"));
  }
  if (info.size > largest_file) {
    return fail(about(make_error(ErrorCode::file_damaged,
                                 fmt::format("a description is not larger than {} bytes, and this "
                                             "has {}",
                                             largest_file,
                                             info.size)),
                      path,
                      "too-large",
                      "put data that is not part of the description elsewhere"));
  }
  return files.read_all(path, largest_file);
}

Result<json::Value> parse_text(std::string_view text, const std::string& path) {
  auto document = json::parse(text, largest_file);
  if (!document.has_value()) {
    return fail(about(document.error(), path, "json", "mend the JSON text"));
  }
  return document;
}

Error as_problem(Error error, const std::string& path, std::string_view missing, std::string next) {
  if (error.code == ErrorCode::plugin_invalid || error.code == ErrorCode::plugin_untrusted) {
    return error;
  }
  const bool is_missing = error.code == ErrorCode::file_not_found;
  return about(is_missing ? make_error(error.code, std::string(missing)) : std::move(error),
               path,
               "file",
               is_missing ? std::move(next) : "make the file readable, or remove it");
}

}  // namespace atlink::plugins
