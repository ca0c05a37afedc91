// SPDX-License-Identifier: Apache-2.0
#include "atlink/platform.h"

#include <utility>

namespace atlink {

namespace {

class FileBody final : public BodySource {
 public:
  explicit FileBody(std::unique_ptr<File> file) : file_(std::move(file)) {}

  [[nodiscard]] std::optional<std::uint64_t> length() const override { return file_->length(); }

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
    return file_->read(buffer);
  }

  [[nodiscard]] bool rewind() override { return file_->rewind(); }

 private:
  std::unique_ptr<File> file_;
};

}  // namespace

std::unique_ptr<BodySource> body_from_file(std::unique_ptr<File> file) {
  return std::make_unique<FileBody>(std::move(file));
}

}  // namespace atlink
