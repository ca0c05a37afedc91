// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/native.h"

#include <functional>
#include <string>
#include <vector>

namespace atlink::plugins {

/// The file in which it is kept which modules were trusted: trusted-modules.json in the state
/// folder, written by the program alone.
class NativeRecord {
 public:
  /// `folder` empty: nothing is known, and nothing can be recorded.
  NativeRecord(FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  /// Fails with `file_permissions` where others could have written it, `file_damaged` where it is
  /// not what was written.
  [[nodiscard]] Result<std::vector<TrustRecord>> read();

  /// Changes it under a lock, so that of two runs at a time neither loses what the other wrote.
  Status change(const std::function<void(std::vector<TrustRecord>& records)>& how);

 private:
  [[nodiscard]] std::string path() const { return folder_ + "/trusted-modules.json"; }

  FileSystem& files_;
  std::string folder_;
};

}  // namespace atlink::plugins
