// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

namespace atlink::posix {

/// The files of this machine.
class PosixFiles final : public FileSystem {
 public:
  [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string& path,
                                                   OpenMode how,
                                                   unsigned mode) override;
  [[nodiscard]] Result<std::unique_ptr<File>> open_descriptor(int descriptor) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status unlink(const std::string& path) override;
  Status remove_folder(const std::string& folder) override;
  [[nodiscard]] Result<FileInfo> stat(const std::string& path, bool follow) override;
  [[nodiscard]] Result<std::string> read_link(const std::string& path) override;
  [[nodiscard]] unsigned user() override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override;
  Status make_folders(const std::string& folder, unsigned mode) override;
  Status flush_folder(const std::string& folder) override;
  [[nodiscard]] Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                                   std::chrono::milliseconds patience) override;
};

}  // namespace atlink::posix
