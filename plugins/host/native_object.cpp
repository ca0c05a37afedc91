// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/native_object.h"

#include "atlink/plugin/plugin.h"
#include "plugins/host/native_elf.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink::plugins {

namespace {

constexpr const char* define_it =
    "define it as a constant, as atlink/plugin/plugin.h shows, and leave it visible";
constexpr const char* hide_them =
    "hide all but atlink_plugin_entry: -fvisibility=hidden, and for C++ a version script";

NativeProblem not_self_contained(std::string what, const std::string& path) {
  return {"native-needs",
          fmt::format("{} \"{}\"", what, path),
          "link against libraries by their names, without -rpath, or link them in"};
}

std::optional<NativeProblem> judge_needs(const ElfObject& object) {
  if (!object.search_paths.empty()) {
    return not_self_contained("it wants libraries looked for in", object.search_paths.front());
  }
  const auto path =
      std::find_if(object.needed.begin(), object.needed.end(), [](const std::string& name) {
        return name.empty() || name.find('/') != std::string::npos;
      });
  if (path != object.needed.end()) {
    return not_self_contained("it needs a library by its path", *path);
  }
  return std::nullopt;
}

std::optional<NativeProblem> judge_entry_symbol(const std::vector<ElfSymbol>& exported) {
  const auto entry = std::find_if(exported.begin(), exported.end(), [](const ElfSymbol& symbol) {
    return symbol.name == ATLINK_PLUGIN_SYMBOL;
  });
  if (entry == exported.end()) {
    return NativeProblem{
        "native-symbol", fmt::format("it exports no \"{}\"", ATLINK_PLUGIN_SYMBOL), define_it};
  }
  if (!entry->is_data || entry->size < sizeof(atlink_plugin_entry_t)) {
    return NativeProblem{"native-symbol",
                         fmt::format("its \"{}\" is {}, and not the constant that it should be",
                                     ATLINK_PLUGIN_SYMBOL,
                                     entry->is_data ? "too small" : "code"),
                         define_it};
  }
  return std::nullopt;
}

std::optional<NativeProblem> judge_exports(const std::vector<ElfSymbol>& exported) {
  if (exported.size() <= 1) {
    return std::nullopt;
  }
  const auto other = std::find_if(exported.begin(), exported.end(), [](const ElfSymbol& symbol) {
    return symbol.name != ATLINK_PLUGIN_SYMBOL;
  });
  return NativeProblem{
      "native-exports",
      fmt::format("it exports {} than its entry: \"{}\"",
                  exported.size() == 2 ? "another symbol"
                                       : fmt::format("{} more symbols", exported.size() - 1),
                  other == exported.end() ? ATLINK_PLUGIN_SYMBOL : other->name),
      hide_them};
}

}  // namespace

std::optional<NativeProblem> judge_object(std::string_view bytes) {
  const auto object = read_elf(bytes);
  if (!object) {
    return NativeProblem{
        "native-object", object.error(), "build the module for this machine, and copy it whole"};
  }
  for (auto problem : {judge_needs(*object),
                       judge_entry_symbol(object->exported),
                       judge_exports(object->exported)}) {
    if (problem) {
      return problem;
    }
  }
  return std::nullopt;
}

}  // namespace atlink::plugins
