// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "core/posix/descriptor.h"

#include <memory>
#include <string>

#include <sys/types.h>

namespace atlink::posix {

/// A File over a descriptor. The first byte is where the descriptor stood when it came here.
class PosixFile final : public File {
 public:
  /// `owned` closes the descriptor in the end; `path` is for messages.
  PosixFile(Descriptor descriptor, std::string path, bool owned);
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  ~PosixFile() override;

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override;
  Status write(std::string_view bytes) override;
  Status flush() override;
  [[nodiscard]] bool rewind() override;
  [[nodiscard]] std::optional<std::uint64_t> length() override;
  Status close() override;

 private:
  Descriptor descriptor_;
  std::string path_;
  bool owned_;
  bool regular_ = false;
  off_t start_ = 0;
};

}  // namespace atlink::posix
