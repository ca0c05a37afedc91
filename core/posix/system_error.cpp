// SPDX-License-Identifier: Apache-2.0
#include "core/posix/system_error.h"

#include "atlink/text.h"
#include "core/posix/paths.h"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <utility>

namespace atlink::posix {

namespace {

ErrorCode code_for(Intent intent, int number) {
  switch (number) {
    case ENOENT:
      return ErrorCode::file_not_found;
    case EEXIST:
      return ErrorCode::file_exists;
    case EIO:
    case EBADF:
    case EINTR:
    case ESTALE:
      return ErrorCode::file_io;
    default:
      return intent == Intent::reading ? ErrorCode::file_unreadable : ErrorCode::file_unwritable;
  }
}

std::string next_for_access(Intent intent, const std::string& path) {
  if (intent == Intent::reading) {
    return fmt::format("see who may read it: ls -ld '{}'", path);
  }
  return fmt::format("choose a place that you may write to, or see who may: ls -ld '{}'",
                     folder_of(path));
}

std::string next_for(Intent intent, const std::string& path, int number) {
  switch (number) {
    case EACCES:
    case EPERM:
      return next_for_access(intent, path);
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
      return "check how the path is spelt";
    case EEXIST:
      return "choose another name, or move what is there out of the way";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "free some space there and run the command again";
    case EROFS:
      return "choose a place on a file system that is not mounted read-only";
    case ELOOP:
      return "a symbolic link must not stand here: remove it, or name the file that it leads to";
    case EISDIR:
      return "name a file, not a folder";
    case EMFILE:
    case ENFILE:
      return "too many files are open: raise the limit (ulimit -n) and run the command again";
    default:
      return "look at the disk or file system there, then run the command again";
  }
}

}  // namespace

std::string reason_of(int number) {
  const char* text = strerrordesc_np(number);
  std::string reason = text == nullptr ? fmt::format("error {}", number) : std::string(text);
  reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
  return reason;
}

Error file_error(Intent intent, std::string_view verb, const std::string& path, int number) {
  return make_error(code_for(intent, number),
                    fmt::format("cannot {} {}: {}", verb, printable(path, 1000), reason_of(number)),
                    next_for(intent, path, number))
      .with("file", path);
}

}  // namespace atlink::posix
