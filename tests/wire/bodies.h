// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace atlink::tests {

/// How a body is made, step by step.
struct BodyPlan {
  /// What it announces; none makes it chunked.
  std::optional<std::uint64_t> announced;
  /// What it gives: `text`, else that many letters.
  std::string text;
  std::uint64_t bytes = 0;
  /// Given at most at once; 0 for as much as fits.
  std::size_t piece = 0;
  /// Waited before each piece.
  std::chrono::milliseconds pause{0};
  /// Fails with `file_io` after that many bytes.
  std::optional<std::uint64_t> fail_after;
};

[[nodiscard]] std::unique_ptr<BodySource> make_body(const BodyPlan& plan);

/// Takes an answer: keeps its head and text, counts its bytes, and refuses where it is told to.
class Answer final : public ResponseHandler {
 public:
  /// `keep` bytes are kept at most. `refuse` is "head", "body", "throw" or empty.
  Answer(std::size_t keep, std::string refuse) : keep_(keep), refuse_(std::move(refuse)) {}

  [[nodiscard]] Status head(const HttpResponseHead& head) override;
  [[nodiscard]] Status write(std::string_view bytes) override;

  [[nodiscard]] const HttpResponseHead& received() const { return head_; }

  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  [[nodiscard]] int heads() const { return heads_; }

 private:
  std::size_t keep_;
  std::string refuse_;
  HttpResponseHead head_;
  std::string text_;
  std::uint64_t bytes_ = 0;
  int heads_ = 0;
};

}  // namespace atlink::tests
