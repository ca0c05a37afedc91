// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"
#include "core/posix/paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink {

namespace {

/// Bytes that may be secret are not left behind where the string had to grow: there is room for
/// all of them, and for one more that tells a file that is too large.
constexpr std::size_t first_room = 4096;

Error too_large(const std::string& path, std::size_t limit) {
  return make_error(ErrorCode::file_damaged,
                    fmt::format("{} is larger than {} bytes", path, limit),
                    "check that it is the file that was meant")
      .with("file", path);
}

void grow(std::string& content, std::size_t size) {
  std::string larger;
  larger.reserve(size);
  larger.append(content);
  wipe_memory(content.data(), content.size());
  content = std::move(larger);
  content.resize(size);
}

Result<std::unique_ptr<File>> create_afresh(FileSystem& files,
                                            const std::string& path,
                                            unsigned mode) {
  auto created = files.open(path, OpenMode::create_new, mode);
  if (created || created.error().code != ErrorCode::file_exists) {
    return created;
  }
  // A killed run left it; what it holds may be half a file.
  ATLINK_CHECK(files.unlink(path));
  return files.open(path, OpenMode::create_new, mode);
}

void replace_each(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// The person asked for `path` and need not know of the temporary file.
Error told_of(const std::string& path, Error error, const std::string& temporary) {
  replace_each(error.message, temporary, path);
  replace_each(error.next, temporary, path);
  for (auto& [name, value] : error.context) {
    replace_each(value, temporary, path);
  }
  return error;
}

Status fill(File& file, std::string_view bytes) {
  ATLINK_CHECK(file.write(bytes));
  ATLINK_CHECK(file.flush());
  return file.close();
}

Status fill_and_rename(FileSystem& files,
                       const std::string& temporary,
                       const std::string& path,
                       std::string_view bytes,
                       unsigned mode) {
  ATLINK_ASSIGN(const std::unique_ptr<File> file, create_afresh(files, temporary, mode));
  auto status = fill(*file, bytes);
  if (status) {
    status = files.rename(temporary, path);
  }
  if (!status) {
    // The first error is the one to tell.
    static_cast<void>(files.unlink(temporary));
  }
  return status;
}

}  // namespace

Result<std::string> FileSystem::read_all(const std::string& path, std::size_t limit) {
  ATLINK_ASSIGN(const std::unique_ptr<File> file, open(path, OpenMode::read, 0));
  const auto told = file->length().value_or(first_room);
  std::string content(std::min<std::size_t>(told, limit) + 1, '\0');
  std::size_t size = 0;
  while (true) {
    ATLINK_ASSIGN(const std::size_t got,
                  file->read(std::span(content).subspan(size, content.size() - size)));
    if (got == 0) {
      break;
    }
    size += got;
    if (size > limit) {
      return fail(too_large(path, limit));
    }
    if (size == content.size()) {
      grow(content, std::min(2 * size, limit + 1));
    }
  }
  content.resize(size);
  return content;
}

Status FileSystem::write_all(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string folder = posix::folder_of(path);
  ATLINK_CHECK(make_folders(folder, 0700));
  const std::string temporary = posix::temporary_for(path);
  if (auto status = fill_and_rename(*this, temporary, path, bytes, mode); !status) {
    return fail(told_of(path, std::move(status).error(), temporary));
  }
  return flush_folder(folder);
}

}  // namespace atlink
