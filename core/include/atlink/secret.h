// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atlink {

/// Bytes that must not be seen: private keys, token secrets, passwords. Moves but does not copy, is
/// wiped when it goes, and has no way to be printed, compared or formatted. The bytes live in a
/// vector, since a moved-from short string keeps them in its own buffer.
class ATLINK_API Secret {
 public:
  Secret() = default;

  /// Takes a copy of `bytes`; wiping those is the caller's.
  explicit Secret(std::string_view bytes);

  /// The bytes of `text`, which is overwritten and emptied.
  [[nodiscard]] static Secret take(std::string& text);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// The bytes, valid until this Secret changes or goes. The only way to them: search for it to
  /// find every place that handles a secret.
  [[nodiscard]] std::string_view expose() const { return {bytes_.data(), bytes_.size()}; }

  /// A second Secret with the same bytes.
  [[nodiscard]] Secret clone() const;

  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  /// Compares in time that depends on the lengths only.
  [[nodiscard]] bool equals(std::string_view other) const;

  /// Appends; the old buffer is wiped when it has to grow.
  void append(std::string_view more);

  /// Overwrites the bytes and empties it.
  void wipe();

 private:
  std::vector<char> bytes_;
};

/// Overwrites `size` bytes at `data` in a way that the compiler keeps.
ATLINK_API void wipe_memory(void* data, std::size_t size);

}  // namespace atlink
