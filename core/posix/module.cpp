// SPDX-License-Identifier: Apache-2.0
#include "core/posix/module.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <limits.h>
#include <link.h>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace atlink::posix {

namespace {

constexpr const char* reinstall = "install atlink again: its library and modules belong together";

/// The file mapped at `address`, from the kernel's own list: for objects whose path the dynamic
/// loader knows only relative to a working directory that may have changed.
std::string mapped_file(std::uintptr_t address) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    char* end = nullptr;
    const std::uintptr_t from = std::strtoull(line.c_str(), &end, 16);
    const std::uintptr_t to = *end == '-' ? std::strtoull(end + 1, nullptr, 16) : 0;
    if (address >= from && address < to) {
      const std::size_t path = line.find('/');
      return path == std::string::npos ? std::string() : line.substr(path);
    }
  }
  return {};
}

std::string own_file() {
  const void* address = reinterpret_cast<const void*>(&own_folder);
  Dl_info info{};
  void* map = nullptr;
  if (::dladdr1(address, &info, &map, RTLD_DL_LINKMAP) != 0 && map != nullptr) {
    // The link map and not `dli_fname`, which for a program is whatever argv[0] says.
    const char* name = static_cast<const link_map*>(map)->l_name;
    if (name != nullptr && name[0] == '/') {
      const std::unique_ptr<char, void (*)(void*)> real(::realpath(name, nullptr), &std::free);
      return real ? std::string(real.get()) : std::string(name);
    }
  }
  return mapped_file(reinterpret_cast<std::uintptr_t>(address));
}

/// A file of the modules' folder: beside the library, or where the library would be for a program.
std::string module_file(const std::string& folder, std::string_view name) {
  std::string beside = fmt::format("{}/{}/{}", folder, ATLINK_MODULE_SUBDIR, name);
  if (::access(beside.c_str(), F_OK) == 0) {
    return beside;
  }
  std::string from_program =
      fmt::format("{}/{}/{}/{}", folder, ATLINK_LIBDIR_FROM_BIN, ATLINK_MODULE_SUBDIR, name);
  return ::access(from_program.c_str(), F_OK) == 0 ? from_program : beside;
}

std::string loader_reason() {
  const char* reason = ::dlerror();
  return reason == nullptr ? "no reason given" : reason;
}

Status check_release(const ModuleHead& head, const std::string& file) {
  const std::string_view theirs = head.release == nullptr ? "unknown" : head.release;
  if (theirs == this_release.release) {
    return {};
  }
  return fail(ErrorCode::module_missing,
              fmt::format("the module {} is of atlink {}, but this is atlink {}",
                          file,
                          theirs,
                          this_release.release),
              reinstall);
}

}  // namespace

Result<std::string> own_folder() {
  const std::string file = own_file();
  const std::size_t slash = file.rfind('/');
  if (slash == std::string::npos) {
    return fail(ErrorCode::module_missing,
                "the folder of the atlink library cannot be found out",
                "make /proc available, or load the library by an absolute path");
  }
  return file.substr(0, slash);
}

Result<std::string> file_among_modules(const std::string& name) {
  ATLINK_ASSIGN(const std::string folder, own_folder());
  std::string file = module_file(folder, name);
  if (::access(file.c_str(), F_OK) != 0) {
    return fail(
        ErrorCode::module_missing, fmt::format("{} of atlink is not there", file), reinstall);
  }
  return file;
}

tl::expected<void*, std::string> open_object(const std::string& path) {
  void* const object = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) {
    return tl::unexpected(loader_reason());
  }
  return object;
}

tl::expected<const void*, std::string> find_symbol(void* object, const std::string& symbol) {
  const void* const found = ::dlsym(object, symbol.c_str());
  if (found == nullptr) {
    return tl::unexpected(loader_reason());
  }
  return found;
}

Result<const ModuleHead*> open_module(std::string_view name) {
  ATLINK_ASSIGN(const std::string folder, own_folder());
  const std::string file = module_file(folder, fmt::format("{}.so", name));
  const auto object = open_object(file);
  if (!object) {
    return fail(ErrorCode::module_missing,
                fmt::format("the module {} cannot be loaded: {}", file, object.error()),
                reinstall);
  }
  const auto table = find_symbol(*object, fmt::format("atlink_module_{}", name));
  if (!table) {
    return fail(ErrorCode::module_missing,
                fmt::format("the module {} has no table: {}", file, table.error()),
                reinstall);
  }
  const auto* head = static_cast<const ModuleHead*>(*table);
  ATLINK_CHECK(check_release(*head, file));
  return head;
}

}  // namespace atlink::posix
