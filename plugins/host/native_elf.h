// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins {

/// A symbol that a shared object defines for others.
struct ElfSymbol {
  std::string name;
  /// Data, as against a function or something else.
  bool is_data = false;
  std::uint64_t size = 0;
};

/// What a shared object says to the dynamic loader, as far as it matters here.
struct ElfObject {
  /// Names or paths of the libraries that it needs.
  std::vector<std::string> needed;
  /// Where it wants them looked for (DT_RPATH, DT_RUNPATH).
  std::vector<std::string> search_paths;
  std::vector<ElfSymbol> exported;
};

/// Reads a shared object for this machine from its bytes, which may be anything: nothing outside of
/// them is looked at, and the work is bounded by their number. Reads what the loader reads (program
/// headers and the dynamic section), not the section headers, which may say something else. The
/// error says what is wrong with "it", in lower case.
[[nodiscard]] tl::expected<ElfObject, std::string> read_elf(std::string_view bytes);

}  // namespace atlink::plugins
