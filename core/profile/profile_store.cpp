// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/profile.h"
#include "atlink/text.h"
#include "core/profile/profile_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace atlink {

namespace {

constexpr std::string_view suffix = ".json";
constexpr std::chrono::seconds patience{10};
// In a folder of mode 0700 and without a secret; still nobody else's business.
constexpr unsigned private_mode = 0600;

std::string config_of(const std::string& folder) {
  return folder + "/config.json";
}

/// The object in a file; none where there is no file.
Result<std::optional<json::Value>> read_document(FileSystem& files, const std::string& path) {
  auto text = files.read_all(path);
  if (!text) {
    if (text.error().code == ErrorCode::file_not_found) {
      return std::nullopt;
    }
    return fail(std::move(text).error());
  }
  auto document = json::parse(*text);
  if (!document || document->as_object() == nullptr) {
    return fail(
        make_error(ErrorCode::file_damaged,
                   fmt::format("{} cannot be read: {}",
                               path,
                               document ? "it must hold a JSON object" : document.error().message),
                   "mend the file, or remove it and set again what it held")
            .with("file", path));
  }
  return *std::move(document);
}

/// One at a time changes profiles. The folder is made first, since the lock stands in it.
Result<std::unique_ptr<FileSystem::Lock>> lock_for_change(FileSystem& files,
                                                          const std::string& folder) {
  ATLINK_CHECK(files.make_folders(folder, 0700));
  return files.lock(folder + "/profiles.lock", patience);
}

Error no_such_profile(const std::string& name, const std::vector<std::string>& others) {
  std::string next = fmt::format("make it: atlink profile set {} --product ID --url URL", name);
  if (!others.empty()) {
    next = fmt::format("choose one that there is ({}), or {}", fmt::join(others, ", "), next);
  }
  return make_error(
             ErrorCode::profile_missing, fmt::format("there is no profile \"{}\"", name), next)
      .with("profile", name);
}

Status write_document(FileSystem& files, const std::string& path, const json::Value& document) {
  return files.write_all(path, json::write(document, 2), private_mode);
}

/// Over what stands there, so that members that a hand added stay.
Status write_profile(FileSystem& files,
                     const std::string& path,
                     std::optional<json::Value> before,
                     const Profile& profile) {
  json::Value document = std::move(before).value_or(json::Value());
  put_profile(document, profile);
  return write_document(files, path, document);
}

bool names_profile(const json::Value& config, std::string_view name) {
  const json::Value* chosen = config.find("default_profile");
  return chosen != nullptr && chosen->as_string() != nullptr && *chosen->as_string() == name;
}

Result<std::optional<std::string>> default_in(const json::Value& config, const std::string& path) {
  const json::Value* name = config.find("default_profile");
  if (name == nullptr || name->is_null()) {
    return std::nullopt;
  }
  if (name->as_string() == nullptr || !check_profile_name(*name->as_string())) {
    return fail(make_error(ErrorCode::profile_invalid,
                           fmt::format("member \"default_profile\" of {} is no profile name", path),
                           "choose one: atlink profile use NAME")
                    .with("file", path));
  }
  return *name->as_string();
}

}  // namespace

ProfileStore::ProfileStore(FileSystem& files, std::string config_folder)
    : files_(files), folder_(std::move(config_folder)) {}

std::string ProfileStore::path_of(std::string_view name) const {
  return fmt::format("{}/profiles/{}{}", folder_, name, suffix);
}

Result<Profile> ProfileStore::load(std::string_view name) {
  ATLINK_CHECK(check_profile_name(name));
  const std::string path = path_of(name);
  ATLINK_ASSIGN(const auto document, read_document(files_, path));
  if (!document) {
    ATLINK_ASSIGN(const auto others, list());
    return fail(no_such_profile(std::string(name), others));
  }
  return profile_from(*document, std::string(name), path);
}

Status ProfileStore::save(const Profile& profile) {
  ATLINK_CHECK(check_profile_name(profile.name));
  ATLINK_CHECK(check_profile(profile));
  ATLINK_ASSIGN(const auto lock, lock_for_change(files_, folder_));
  const std::string path = path_of(profile.name);
  ATLINK_ASSIGN(auto before, read_document(files_, path));
  return write_profile(files_, path, std::move(before), profile);
}

Result<bool> ProfileStore::replace(const std::optional<Profile>& before, const Profile& after) {
  ATLINK_CHECK(check_profile_name(after.name));
  ATLINK_CHECK(check_profile(after));
  ATLINK_ASSIGN(const auto lock, lock_for_change(files_, folder_));
  const std::string path = path_of(after.name);
  ATLINK_ASSIGN(auto document, read_document(files_, path));
  std::optional<Profile> now;
  if (document) {
    ATLINK_ASSIGN(now, profile_from(*document, after.name, path));
  }
  if (now != before) {
    return false;
  }
  ATLINK_CHECK(write_profile(files_, path, std::move(document), after));
  return true;
}

Status ProfileStore::remove(std::string_view name) {
  ATLINK_CHECK(check_profile_name(name));
  const std::string path = path_of(name);
  if (const auto there = files_.stat(path, false);
      !there && there.error().code == ErrorCode::file_not_found) {
    ATLINK_ASSIGN(const auto others, list());
    return fail(no_such_profile(std::string(name), others));
  }
  ATLINK_ASSIGN(const auto lock, lock_for_change(files_, folder_));
  // First the default: a run that is killed in between leaves a profile and no name of nothing.
  const std::string config_path = config_of(folder_);
  ATLINK_ASSIGN(auto config, read_document(files_, config_path));
  if (config && names_profile(*config, name)) {
    config->set("default_profile", nullptr);
    ATLINK_CHECK(write_document(files_, config_path, *config));
  }
  ATLINK_CHECK(files_.unlink(path));
  return files_.flush_folder(folder_ + "/profiles");
}

Result<std::vector<std::string>> ProfileStore::list() {
  const auto found = files_.list(folder_ + "/profiles");
  if (!found && found.error().code != ErrorCode::file_not_found) {
    return fail(found.error());
  }
  std::vector<std::string> names;
  for (const std::string& file : found.value_or(std::vector<std::string>())) {
    const std::string_view name =
        std::string_view(file).substr(0, file.size() - std::min(file.size(), suffix.size()));
    if (name.size() + suffix.size() == file.size() && file.ends_with(suffix) &&
        check_profile_name(name)) {
      names.emplace_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::optional<std::string>> ProfileStore::default_name() {
  const std::string path = config_of(folder_);
  ATLINK_ASSIGN(const auto config, read_document(files_, path));
  if (!config) {
    return std::nullopt;
  }
  return default_in(*config, path);
}

Status ProfileStore::set_default(std::string_view name) {
  ATLINK_CHECK(load(name));
  ATLINK_ASSIGN(const auto lock, lock_for_change(files_, folder_));
  const std::string path = config_of(folder_);
  ATLINK_ASSIGN(auto before, read_document(files_, path));
  json::Value config = std::move(before).value_or(json::Value());
  config.set("default_profile", name);
  return write_document(files_, path, config);
}

}  // namespace atlink
