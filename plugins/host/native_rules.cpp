// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/host/native.h"
#include "plugins/host/native_problem.h"

#include <fmt/format.h>

#include <array>

namespace atlink::plugins {

namespace {

constexpr std::array rules{
    NativeRule{
        "trust",
        "the file, its folder and all above them belong to the user or root, and nobody else "
        "may write to them"},
    NativeRule{"native-file", "it is a regular file of at most 64 MiB that can be read"},
    NativeRule{"native-object", "it is a whole ELF shared object for this machine"},
    NativeRule{"native-needs",
               "it needs libraries by name only and says no path to look for them in, so that no "
               "other file of the plugin is loaded unseen"},
    NativeRule{"native-symbol", "it exports atlink_plugin_entry, which is constant data"},
    NativeRule{"native-exports", "it exports nothing else"},
    NativeRule{"native-host", "this machine can load it in a child process to judge it"},
    NativeRule{"native-load", "the system's loader takes it, with all libraries that it needs"},
    NativeRule{"native-time", "it is loaded and has told what it offers within five seconds"},
    NativeRule{
        "native-inert",
        "loading it does nothing: it neither ends, crashes nor throws, prints nothing, opens "
        "no file and starts no thread"},
    NativeRule{"native-abi", "it was compiled for the version of the interface that this host has"},
    NativeRule{"native-id", "its entry has the id that the plugin's folder is named after"},
    NativeRule{"native-version", "its entry has a version: one line of at most 64 bytes"},
    NativeRule{"native-extension",
               "it answers NULL for extensions that it does not know, and a well-formed table for "
               "those that it does"},
    NativeRule{"native-trust", "these bytes were trusted, or are accepted for this run"},
};

}  // namespace

std::span<const NativeRule> native_rules() {
  return rules;
}

Error to_error(const NativeProblem& problem, const std::string& file) {
  const bool host = problem.rule == host_rule;
  return make_error(host ? ErrorCode::module_missing : ErrorCode::native_invalid,
                    fmt::format("{}: {}", printable(file), printable(problem.message)),
                    printable(problem.next))
      .with("file", file)
      .with("rule", problem.rule)
      .with("side", host ? "host" : "plugin");
}

}  // namespace atlink::plugins
