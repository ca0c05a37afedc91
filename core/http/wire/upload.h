// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace atlink::wire {

/// The body of one request on its way out: whole in memory where it is small, so that it shares a
/// packet with the head, else piece by piece.
class Upload {
 public:
  /// Below this many bytes libcurl sends head and body at once.
  static constexpr std::uint64_t small = std::uint64_t{64} << 10;

  /// `source` may be null; not owned.
  explicit Upload(BodySource* source);

  /// Reads a small body; does nothing for others. To be called once, before the exchange. Fails
  /// with the source's error, and with `file_io` where the source ends before its own length.
  [[nodiscard]] Status prepare();

  [[nodiscard]] bool exists() const { return source_ != nullptr; }

  /// Bytes in all; none for a body that goes out chunked.
  [[nodiscard]] std::optional<std::uint64_t> length() const { return length_; }

  /// Whether the body is in `bytes`.
  [[nodiscard]] bool in_memory() const { return length_ && *length_ < small; }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  /// The next piece of a body that is not in memory; 0 at its end. Same errors as `prepare`.
  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer);

  /// Takes back the piece that `read` has just put into `buffer`; the next `read` gives it again.
  void hold(std::span<const char> piece) { bytes_.assign(piece.data(), piece.size()); }

 private:
  BodySource* source_;
  std::optional<std::uint64_t> length_;
  std::uint64_t read_ = 0;
  /// A small body, or a piece held back.
  std::string bytes_;
};

}  // namespace atlink::wire
