// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"

#include <string>
#include <string_view>

namespace atlink::http {

/// Keeps a small answer in memory (`answer_too_large` over 1 MiB).
class Collected final : public ResponseHandler {
 public:
  [[nodiscard]] Status head(const HttpResponseHead&) override { return {}; }

  [[nodiscard]] Status write(std::string_view bytes) override { return sink_.write(bytes); }

  [[nodiscard]] const std::string& text() const { return sink_.text(); }

 private:
  StringSink sink_;
};

}  // namespace atlink::http
