// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace atlink::listen {

/// Takes a chunked body apart as it arrives (RFC 9112 section 7.1). Extensions and trailer fields
/// are read and dropped.
class ChunkedBody {
 public:
  /// Bytes of content above which the body is refused with 413.
  explicit ChunkedBody(std::uint64_t limit) : limit_(limit) {}

  /// Takes what it can from the front of `input`, appends content to `body` and says how many bytes
  /// of `input` it took; the rest has to be given again with more behind it.
  [[nodiscard]] std::size_t take(std::string_view input, std::string& body);

  /// Whether the body and its trailer are there.
  [[nodiscard]] bool complete() const { return part_ == Part::end; }

  /// The status to refuse the request with, 0 while all is well.
  [[nodiscard]] int refusal() const { return refusal_; }

 private:
  enum class Part { size, data, data_end, trailer, end };

  std::size_t take_line(std::string_view input);
  void read_size(std::string_view line, std::uint64_t held);
  std::size_t take_data(std::string_view input, std::string& body);

  std::uint64_t limit_;
  std::uint64_t held_ = 0;
  std::uint64_t left_in_chunk_ = 0;
  std::size_t trailer_bytes_ = 0;
  Part part_ = Part::size;
  int refusal_ = 0;
};

}  // namespace atlink::listen
