// SPDX-License-Identifier: Apache-2.0
#include "atlink/secret.h"

#include <cstring>
#include <utility>

namespace atlink {

void wipe_memory(void* data, std::size_t size) {
  if (size == 0) {
    return;
  }
  std::memset(data, 0, size);
  // The barrier tells the compiler that the bytes are looked at, so the memset stays.
  __asm__ __volatile__("" : : "r"(data) : "memory");
}

Secret::Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}

Secret Secret::take(std::string& text) {
  Secret secret{std::string_view(text)};
  wipe_memory(text.data(), text.size());
  text.clear();
  return secret;
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

Secret Secret::clone() const {
  return Secret(expose());
}

bool Secret::equals(std::string_view other) const {
  unsigned difference = bytes_.size() == other.size() ? 0U : 1U;
  for (std::size_t i = 0; i < bytes_.size() && i < other.size(); ++i) {
    difference |= static_cast<unsigned char>(bytes_[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

void Secret::append(std::string_view more) {
  if (bytes_.size() + more.size() > bytes_.capacity()) {
    std::vector<char> larger;
    larger.reserve(2 * (bytes_.size() + more.size()));
    larger.assign(bytes_.begin(), bytes_.end());
    wipe_memory(bytes_.data(), bytes_.size());
    bytes_ = std::move(larger);
  }
  bytes_.insert(bytes_.end(), more.begin(), more.end());
}

void Secret::wipe() {
  wipe_memory(bytes_.data(), bytes_.size());
  bytes_.clear();
}

}  // namespace atlink
