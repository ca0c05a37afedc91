// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/posix/posix_files.h"
#include "core/posix/posix_process.h"
#include "plugins/host/native.h"
#include "tests/support/fake_world.h"
#include "tests/support/temporary_folder.h"

#include <string>
#include <string_view>

namespace atlink::tests {

/// The bytes of a module that tests/native builds.
[[nodiscard]] std::string native_module(const std::string& name);

/// A plugin "acme" on the real disk, with room for its module and a state folder, in a world that
/// is real where processes and native code are concerned.
struct NativeFolder {
  NativeFolder();

  /// Puts bytes in the module's place.
  void put(std::string_view bytes);

  /// Puts a module of tests/native there.
  void put_module(const std::string& name) { put(native_module(name)); }

  [[nodiscard]] plugins::NativeModules modules(plugins::NativeModules::Settings settings);

  [[nodiscard]] plugins::NativeModules modules() { return modules({state(), {}}); }

  [[nodiscard]] std::string state() const { return root / "state"; }

  TemporaryFolder root;
  plugins::ModuleFile file;
  FakeWorld world;
  posix::PosixFiles files;
  posix::PosixProcess process;
  posix::PosixLoader loader;
};

/// What is said of a failure, and the rule that it names.
struct Complaint {
  std::string rule;
  std::string side;
  std::string said;
};

/// Fails the test unless the error names the file, a rule of `native_rules`, a side and a next
/// step, in one line each.
[[nodiscard]] Complaint complaint(const Error& error, const plugins::ModuleFile& file);

}  // namespace atlink::tests
