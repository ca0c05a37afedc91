// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"

#include <optional>
#include <string>

namespace atlink::cli {

/// The person at the terminal during one run. Who gives a question up (Ctrl-C, Ctrl-D) has ended
/// the run: whatever becomes of that question, no other is put to them.
class Questions final : public Terminal {
 public:
  explicit Questions(Terminal& terminal) : terminal_(terminal) {}

  [[nodiscard]] bool can_ask() override { return terminal_.can_ask(); }

  [[nodiscard]] Result<std::string> ask(const std::string& question) override;
  [[nodiscard]] Result<Secret> ask_secret(const std::string& question) override;

  /// How the run has to end where a question was given up.
  [[nodiscard]] const std::optional<Error>& given_up() const { return given_up_; }

 private:
  template <typename Answer>
  Result<Answer> kept_in_mind(Result<Answer> answer);

  Terminal& terminal_;
  std::optional<Error> given_up_;
};

}  // namespace atlink::cli
