// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/result.h"

#include <cstddef>
#include <string_view>

namespace atlink::wire {

/// Puts the head of the final answer together from its lines; heads of interim answers (1xx) are
/// passed over (RFC 9110 section 15.2).
class HeadReader {
 public:
  /// The most bytes that the head of one answer may have.
  static constexpr std::size_t limit = std::size_t{256} << 10;

  /// Takes one line with its line break: a status line, a field, or the empty line. True when the
  /// final head is now complete. Lines after that (trailers) are ignored. Fails with
  /// `answer_too_large` beyond the limit and with `answer_not_understood` for a status line that is
  /// none and for lengths that contradict each other.
  [[nodiscard]] Result<bool> take(std::string_view line);

  /// Whether a line of an answer, interim or final, has come.
  [[nodiscard]] bool started() const { return started_; }

  [[nodiscard]] bool complete() const { return complete_; }

  /// Whether only the end of the connection says where the body of this head ends (RFC 9112
  /// section 6.3).
  [[nodiscard]] bool ends_with_connection() const;

  /// Whole only once `complete`.
  [[nodiscard]] const HttpResponseHead& head() const { return head_; }

 private:
  [[nodiscard]] Status begin(std::string_view line);
  [[nodiscard]] Status check_length() const;
  void add_field(std::string_view line);
  void flush_field();

  HttpResponseHead head_;
  /// The field read last; the next line may continue it.
  Headers::Field field_;
  std::size_t size_ = 0;
  bool started_ = false;
  /// The protocol marks the end of every body (HTTP/2).
  bool framed_ = false;
  bool in_head_ = false;
  bool complete_ = false;
};

}  // namespace atlink::wire
