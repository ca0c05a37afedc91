// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/platform.h"
#include "core/http/classify.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace atlink::http {

/// Stands between one exchange and the caller's handler. Holds back head and body until it is clear
/// what the answer means and whether it is the final one (at most `looked_at` bytes), then streams;
/// an answer that will be followed by another attempt is read to its end and dropped, so that the
/// connection can be used again, but no more of it than a bound.
class Gate final : public ResponseHandler {
 public:
  /// Asked once, when the verdict stands: whether this answer is not the final one.
  using IsInterim = std::function<bool(const HttpResponseHead& head, const Verdict& verdict)>;

  /// References must outlive it. `patience` bounds how long a body may be held or
  /// dropped after its head came; zero is no bound.
  Gate(const Question& question,
       ResponseHandler& handler,
       IsInterim is_interim,
       Clock& clock,
       std::chrono::milliseconds patience);

  [[nodiscard]] Status head(const HttpResponseHead& head) override;
  [[nodiscard]] Status write(std::string_view bytes) override;

  /// To be called after the exchange with its outcome: settles what is still held back. A failure
  /// that only cut an answer which would have been dropped anyway is none.
  [[nodiscard]] Status finish(Status outcome);

  /// Whether the verdict stands; else no byte of an answer has reached the handler.
  [[nodiscard]] bool settled() const {
    return state_ != State::waiting && state_ != State::holding;
  }

  [[nodiscard]] bool interim() const { return state_ == State::dropping; }

  [[nodiscard]] const HttpResponseHead& answer() const { return head_; }

  [[nodiscard]] const Verdict& verdict() const { return verdict_; }

 private:
  enum class State { waiting, holding, dropping, streaming, withholding };

  [[nodiscard]] Status settle();
  [[nodiscard]] Status drop(std::size_t bytes);
  [[nodiscard]] bool out_of_patience() const;

  const Question& question_;
  ResponseHandler& handler_;
  IsInterim is_interim_;
  Clock& clock_;
  std::chrono::milliseconds patience_;
  std::chrono::steady_clock::time_point since_;
  State state_ = State::waiting;
  HttpResponseHead head_;
  std::string held_;
  std::size_t dropped_ = 0;
  Verdict verdict_;
};

}  // namespace atlink::http
