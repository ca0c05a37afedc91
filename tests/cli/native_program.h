// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/cli/program.h"

#include <string>

namespace atlink::tests {

/// The program with a native module in the folder of "acme": right as a file, tried in a child that
/// says what the test wants, and loaded as a module of this test, which writes text in capitals and
/// refuses "?".
class NativeProgram : public Program {
 public:
  static constexpr const char* module_path = "/prefix/share/atlink/plugins/acme/acme.so";

  NativeProgram();

  /// SHA-256 of the module's file.
  [[nodiscard]] std::string hash() const;

  /// What is recorded as trusted; empty where nothing is.
  [[nodiscard]] std::string record() const;

  /// The lines of the child.
  std::string probe_says;
  /// Off: starting it fails the test.
  bool process_allowed = true;

 private:
  std::string module_;
};

}  // namespace atlink::tests
