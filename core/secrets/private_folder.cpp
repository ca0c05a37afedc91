// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/private_folder.h"

#include "core/posix/paths.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace atlink {

namespace {

constexpr unsigned file_mode = 0600;
constexpr unsigned folder_mode = 0700;
constexpr unsigned any_right_of_others = 0077;
constexpr unsigned right_of_others_to_write = 0022;
constexpr std::chrono::seconds usual_patience{10};

Error too_open(const std::string& path, const FileInfo& info, unsigned wanted) {
  return make_error(ErrorCode::file_permissions,
                    fmt::format("{} has mode {:04o}, so that others can {} it",
                                path,
                                info.mode,
                                wanted == folder_mode ? "change what is in" : "read"),
                    fmt::format("chmod {:o} '{}'", wanted, path))
      .with("file", path);
}

Error of_another(const std::string& path, const FileInfo& info) {
  return make_error(
             ErrorCode::file_permissions,
             fmt::format("{} belongs to user {} and not to you", path, info.owner),
             fmt::format("run the command as that user, or see what it is: ls -ld '{}'", path))
      .with("file", path);
}

Error no_file(const std::string& path) {
  return make_error(ErrorCode::file_damaged,
                    fmt::format("{} is not a regular file", path),
                    fmt::format("see what it is (ls -ld '{}') and remove it", path))
      .with("file", path);
}

Status judge_file(const FileInfo& info, const std::string& path, unsigned user) {
  if (info.kind != FileKind::regular) {
    return fail(no_file(path));
  }
  if (info.owner != user) {
    return fail(of_another(path, info));
  }
  if ((info.mode & any_right_of_others) != 0) {
    return fail(too_open(path, info, file_mode));
  }
  return {};
}

Status unless_missing(Status status) {
  if (!status && status.error().code == ErrorCode::file_not_found) {
    return {};
  }
  return status;
}

}  // namespace

PrivateFolder::PrivateFolder(FileSystem& files, std::string folder, std::string ending)
    : files_(files), folder_(std::move(folder)), ending_(std::move(ending)) {}

std::string PrivateFolder::path_of(std::string_view name) const {
  return fmt::format("{}/{}{}", folder_, name, ending_);
}

Status PrivateFolder::judge_folder() {
  ATLINK_ASSIGN(const FileInfo info, files_.stat(folder_, true));
  if (info.owner != files_.user()) {
    return fail(of_another(folder_, info));
  }
  if ((info.mode & right_of_others_to_write) != 0) {
    return fail(too_open(folder_, info, folder_mode));
  }
  return {};
}

Result<bool> PrivateFolder::exists() {
  const auto info = files_.stat(folder_, true);
  if (!info && info.error().code != ErrorCode::file_not_found) {
    return fail(info.error());
  }
  return info.has_value();
}

Result<std::unique_ptr<FileSystem::Lock>> PrivateFolder::lock() {
  ATLINK_CHECK(files_.make_folders(folder_, folder_mode));
  ATLINK_CHECK(judge_folder());
  return files_.lock(folder_ + ".lock", usual_patience);
}

Result<std::unique_ptr<FileSystem::Lock>> PrivateFolder::lock_one(
    std::string_view name, std::chrono::milliseconds patience) {
  ATLINK_CHECK(files_.make_folders(folder_, folder_mode));
  ATLINK_CHECK(judge_folder());
  return files_.lock(fmt::format("{}/{}.lock", folder_, name), patience);
}

Result<std::optional<Secret>> PrivateFolder::read(std::string_view name) {
  const std::string path = path_of(name);
  const auto info = files_.stat(path, false);
  if (!info) {
    if (info.error().code == ErrorCode::file_not_found) {
      return std::nullopt;
    }
    return fail(info.error());
  }
  ATLINK_CHECK(judge_folder());
  ATLINK_CHECK(judge_file(*info, path, files_.user()));
  auto text = files_.read_all(path);
  if (!text) {
    if (text.error().code == ErrorCode::file_not_found) {
      return std::nullopt;  // erased in between
    }
    return fail(std::move(text).error());
  }
  return std::optional<Secret>(Secret::take(*text));
}

Status PrivateFolder::write(std::string_view name, const Secret& bytes) {
  return files_.write_all(path_of(name), bytes.expose(), file_mode);
}

Status PrivateFolder::erase(std::string_view name) {
  const std::string path = path_of(name);
  ATLINK_CHECK(unless_missing(files_.unlink(posix::temporary_for(path))));
  ATLINK_CHECK(unless_missing(files_.unlink(path)));
  return files_.flush_folder(folder_);
}

Status PrivateFolder::probe(const std::string& path) {
  ATLINK_ASSIGN(const auto file, files_.open(path, OpenMode::create_new, file_mode));
  ATLINK_CHECK(file->write(std::string(4096, '\n')));
  ATLINK_CHECK(file->flush());
  return file->close();
}

Status PrivateFolder::check_replaceable(const std::string& path) {
  const auto info = files_.stat(path, false);
  if (!info) {
    return unless_missing(fail(info.error()));
  }
  return info->kind == FileKind::folder ? fail(no_file(path)) : Status();
}

Status PrivateFolder::check_writable(std::string_view name) {
  ATLINK_ASSIGN(const auto held, lock());
  ATLINK_CHECK(check_replaceable(path_of(name)));
  const std::string path = folder_ + "/.probe";
  ATLINK_CHECK(unless_missing(files_.unlink(path)));
  const Status tried = probe(path);
  const Status removed = unless_missing(files_.unlink(path));
  return tried ? removed : tried;
}

}  // namespace atlink
