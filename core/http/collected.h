// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace atlink::http {

/// Keeps an answer's body in memory (`answer_too_large` over `limit` bytes).
class Collected final : public ResponseHandler {
 public:
  explicit Collected(std::size_t limit = std::size_t{1} << 20) : sink_(limit) {}

  [[nodiscard]] Status head(const HttpResponseHead&) override { return {}; }

  [[nodiscard]] Status write(std::string_view bytes) override { return sink_.write(bytes); }

  [[nodiscard]] const std::string& text() const { return sink_.text(); }

  [[nodiscard]] std::string take() { return sink_.take(); }

 private:
  StringSink sink_;
};

}  // namespace atlink::http
