// SPDX-License-Identifier: Apache-2.0
#include "core/posix/module.h"
#include "core/posix/posix_process.h"
#include "core/posix/sealed_file.h"
#include "core/posix/system_error.h"

#include <fmt/format.h>

namespace atlink::posix {

namespace {

constexpr std::string_view link_again = "link it again with all that it needs (-Wl,--no-undefined)";

tl::unexpected<Error> refused(std::string reason, const std::string& path) {
  // The path is one that only this process knows.
  if (reason.starts_with(path)) {
    reason.erase(0, reason.find_first_not_of(": ", path.size()));
  }
  return fail(ErrorCode::native_invalid,
              fmt::format("the system's loader refuses it: {}", reason),
              std::string(link_again));
}

}  // namespace

Result<const void*> PosixLoader::load(std::string_view object, const std::string& symbol) {
  Descriptor file = sealed_file(object);
  if (!file.valid()) {
    return fail(ErrorCode::process_failed,
                fmt::format("the system gives no memory to load from: {}", reason_of(errno)),
                "allow memory files that code may be loaded from (sysctl vm.memfd_noexec)");
  }
  if (::access("/proc/self/fd", X_OK) < 0) {
    return fail(ErrorCode::process_failed,
                fmt::format("the system shows no open files to load from: {}", reason_of(errno)),
                "make /proc available");
  }
  // Kept open for good: the loader knows objects by their path, and would take another file under
  // the same number for this one.
  const std::string path = fmt::format("/proc/self/fd/{}", file.release());
  const auto opened = open_object(path);
  if (!opened) {
    return refused(opened.error(), path);
  }
  const auto found = find_symbol(*opened, symbol);
  if (!found) {
    return refused(found.error(), path);
  }
  return *found;
}

}  // namespace atlink::posix
