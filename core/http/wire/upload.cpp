// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/upload.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink::wire {

Upload::Upload(BodySource* source) : source_(source) {
  if (source != nullptr) {
    length_ = source->length();
  }
}

Status Upload::prepare() {
  if (!in_memory()) {
    return {};
  }
  std::string whole(*length_, '\0');
  while (read_ < *length_) {
    ATLINK_ASSIGN(const std::size_t got, read(std::span(whole).subspan(read_)));
    static_cast<void>(got);
  }
  bytes_ = std::move(whole);
  return {};
}

Result<std::size_t> Upload::read(std::span<char> buffer) {
  if (!bytes_.empty()) {
    const std::size_t count = std::min(bytes_.size(), buffer.size());
    std::copy_n(bytes_.begin(), count, buffer.begin());
    bytes_.erase(0, count);
    return count;
  }
  // A file that grows in the meantime is sent at the length it was announced with.
  const std::size_t wanted =
      length_ ? static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), *length_ - read_))
              : buffer.size();
  if (wanted == 0) {
    return std::size_t{0};
  }
  ATLINK_ASSIGN(const std::size_t got, source_->read(buffer.first(wanted)));
  read_ += got;
  if (got == 0 && length_) {
    return fail(ErrorCode::file_io,
                fmt::format("the request's body ended after {} of {} bytes", read_, *length_),
                "repeat the request once nothing changes the file that is sent");
  }
  return got;
}

}  // namespace atlink::wire
