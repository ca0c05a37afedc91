// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/fake_files.h"

#include <functional>
#include <string>

namespace atlink::tests {

/// An operation that must leave the old or the new state whole, whatever happens in it.
struct Undertaking {
  /// Arranges the old state.
  std::function<void(FakeFileSystem&)> prepare;
  /// What is being judged; called again after a failure or restart, it must succeed.
  std::function<Status(FakeFileSystem&)> work;
  /// "old", "new", or what else it looks like.
  std::function<std::string(FakeFileSystem&)> state;
};

/// Makes every single call fail in turn, once by itself and once with all that follow, and checks:
/// the state is old or new; a success means new; no temporary file stays (where only one call
/// failed); the operation can be run again. Returns how many calls were made to fail.
int fail_everywhere(const Undertaking& undertaking);

/// Kills the process at every call in turn, with each kind of loss, and checks the state and that
/// the operation can be run again. A success is new also after a power failure.
int kill_everywhere(const Undertaking& undertaking);

}  // namespace atlink::tests
