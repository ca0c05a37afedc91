// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

/// The one way in which a part of the engine that needs a heavy library is opened on first use.
///
/// A module is a shared object `NAME.so` of our own. It exports one C symbol, `atlink_module_NAME`,
/// a constant table that begins with a ModuleHead:
///
///     // a header that both sides read
///     struct WireTable {
///       static constexpr std::string_view module = "wire";
///       ModuleHead head;
///       Result<std::unique_ptr<Transport>> (*make_transport)();
///     };
///     // in the module
///     extern "C" ATLINK_API const WireTable atlink_module_wire = {this_release, make};
///     // in core
///     ATLINK_ASSIGN(const WireTable* table, open_module<WireTable>());
///
/// It is looked up beside the object that holds the core, whether that is the shared library or a
/// program with the core inside, and nowhere else: not in the working directory, LD_LIBRARY_PATH or
/// PATH. Its symbols stay local, and it stays loaded until the process ends.
namespace atlink::posix {

/// What every table begins with.
struct ModuleHead {
  /// The release whose interfaces the module was compiled for. Library and module share C++
  /// interfaces, so they must be of the same release.
  const char* release;
};

/// What a module writes into its table: the release that it is compiled as.
inline constexpr ModuleHead this_release{ATLINK_VERSION};

/// Opens `name` and returns its table. Fails with `module_missing` if the file is not there, cannot
/// be loaded, exports no table, or is of another release; the message names the file and the
/// loader's own reason. Thread-safe; a second call is cheap but not free, so keep the table.
[[nodiscard]] Result<const ModuleHead*> open_module(std::string_view name);

/// The same, with the type of the table; `Table` has `static constexpr std::string_view module`.
template <class Table>
[[nodiscard]] Result<const Table*> open_module() {
  static_assert(sizeof(ModuleHead) <= sizeof(Table));
  ATLINK_ASSIGN(const ModuleHead* head, open_module(Table::module));
  return reinterpret_cast<const Table*>(head);
}

/// The folder of the object (library or program) that this function was linked into, absolute and
/// without a slash at the end. Fails with `module_missing` where the system does not tell.
[[nodiscard]] Result<std::string> own_folder();

/// The path of a file that lies among the modules. Fails with `module_missing`.
[[nodiscard]] Result<std::string> file_among_modules(const std::string& name);

/// The two calls of the dynamic loader, for objects of whatever origin: opens one with all its
/// symbols resolved and kept local, and looks one up. The error is the loader's reason.
[[nodiscard]] tl::expected<void*, std::string> open_object(const std::string& path);
[[nodiscard]] tl::expected<const void*, std::string> find_symbol(void* object,
                                                                 const std::string& symbol);

}  // namespace atlink::posix
