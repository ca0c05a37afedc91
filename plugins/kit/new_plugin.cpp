// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/text.h"
#include "plugins/host/judge.h"
#include "plugins/kit/kit.h"
#include "plugins/kit/templates.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

using kit::For;
using kit::Template;
using Values = std::vector<std::pair<std::string_view, std::string>>;

constexpr unsigned folder_mode = 0755;
constexpr std::size_t longest_name = 200;

Status check_id(const std::string& id) {
  if (is_plugin_id(id)) {
    return {};
  }
  Error error = make_error(
      ErrorCode::usage,
      fmt::format("\"{}\" cannot be the id of a plugin", printable(id, 70)),
      "use lower-case letters, digits and \"-\", beginning with a letter, at most 64 of them");
  return fail(std::move(error).with("rule", "id"));
}

Status check_name(const std::string& name) {
  if (trim(name).empty() || name.size() > longest_name || printable(name, name.size()) != name) {
    return fail(ErrorCode::usage,
                fmt::format("\"{}\" cannot be the name of a product", printable(name, 70)),
                "give visible characters on one line");
  }
  return {};
}

/// "my-tracker" → "My tracker".
std::string name_from(std::string id) {
  std::replace(id.begin(), id.end(), '-', ' ');
  id.front() = static_cast<char>(id.front() - 'a' + 'A');
  return id;
}

bool is_for(const NewPlugin& plugin, For whom) {
  switch (whom) {
    case For::all:
      return true;
    case For::standalone:
      return plugin.extends.empty();
    case For::extending:
      return !plugin.extends.empty();
    case For::native:
      return plugin.native;
    case For::data:
      break;
  }
  return !plugin.native;
}

std::string filled(std::string_view text, const Values& values) {
  std::string out;
  while (!text.empty()) {
    const auto here = std::find_if(values.begin(), values.end(), [&](const auto& value) {
      return text.substr(0, value.first.size()) == value.first;
    });
    if (here == values.end()) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      out += here->second;
      text.remove_prefix(here->first.size());
    }
  }
  return out;
}

Status write_file(FileSystem& files,
                  const std::string& path,
                  std::string_view bytes,
                  unsigned mode) {
  ATLINK_ASSIGN(const std::unique_ptr<File> file, files.open(path, OpenMode::create_new, mode));
  ATLINK_CHECK(file->write(bytes));
  ATLINK_CHECK(file->flush());
  return file->close();
}

/// A folder of which nothing stays unless it is kept.
class Draft {
 public:
  Draft(FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  Draft(Draft&&) = delete;
  Draft& operator=(Draft&&) = delete;

  ~Draft() { take_back(); }

  Status add(std::string_view path, std::string_view bytes, unsigned mode) {
    const std::string whole = fmt::format("{}/{}", folder_, path);
    ATLINK_CHECK(make_folder(whole.substr(0, whole.rfind('/'))));
    written_.push_back(whole);
    return write_file(files_, whole, bytes, mode);
  }

  Status keep_as(const std::string& folder) {
    for (const std::string& made : folders_) {
      ATLINK_CHECK(files_.flush_folder(made));
    }
    ATLINK_CHECK(files_.rename(folder_, folder));
    written_.clear();
    folders_.clear();
    return {};
  }

 private:
  Status make_folder(const std::string& folder) {
    if (std::find(folders_.begin(), folders_.end(), folder) != folders_.end()) {
      return {};
    }
    folders_.push_back(folder);
    return files_.make_folders(folder, folder_mode);
  }

  /// What cannot be removed stays: there is nobody left to tell.
  void take_back() {
    for (auto path = written_.rbegin(); path != written_.rend(); ++path) {
      static_cast<void>(files_.unlink(*path));
    }
    for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
      static_cast<void>(files_.remove_folder(*folder));
    }
  }

  FileSystem& files_;
  std::string folder_;
  std::vector<std::string> written_;
  std::vector<std::string> folders_;
};

Status check_free(FileSystem& files, const std::string& folder) {
  const auto info = files.stat(folder, false);
  if (!info && info.error().code == ErrorCode::file_not_found) {
    return {};
  }
  return info ? fail(ErrorCode::file_exists,
                     fmt::format("{} is there already", printable(folder)),
                     "nothing is overwritten: choose another id or --dir, or move it away")
              : Status(fail(info.error()));
}

Values values_of(const NewPlugin& plugin, const std::string& name) {
  return {{"@id@", plugin.id},
          {"@name@", name},
          {"@name_json@", json::write(json::Value(name))},
          {"@schema@", json::write(json::Value(plugin.schema))},
          {"@base@", plugin.extends}};
}

}  // namespace

Result<std::vector<std::string>> write_plugin(FileSystem& files, const NewPlugin& plugin) {
  ATLINK_CHECK(check_id(plugin.id));
  const std::string name = plugin.name.empty() ? name_from(plugin.id) : plugin.name;
  ATLINK_CHECK(check_name(name));
  if (!plugin.extends.empty()) {
    ATLINK_CHECK(check_id(plugin.extends));
  }
  const std::string folder = fmt::format("{}/{}", plugin.parent, plugin.id);
  ATLINK_CHECK(check_free(files, folder));
  const std::string beside = fmt::format("{}/.{}.new", plugin.parent, plugin.id);
  ATLINK_CHECK(check_free(files, beside));
  Draft draft(files, beside);
  std::vector<std::string> paths;
  for (const Template& each : kit::templates()) {
    if (is_for(plugin, each.whom)) {
      ATLINK_CHECK(draft.add(each.path, filled(each.text, values_of(plugin, name)), each.mode));
      paths.push_back(fmt::format("{}/{}", folder, each.path));
    }
  }
  ATLINK_CHECK(draft.keep_as(folder));
  ATLINK_CHECK(files.flush_folder(plugin.parent));
  return paths;
}

}  // namespace atlink::plugins
