// SPDX-License-Identifier: Apache-2.0
#include "cli/questions.h"

#include <utility>

namespace atlink::cli {

template <typename Answer>
Result<Answer> Questions::kept_in_mind(Result<Answer> answer) {
  if (!answer && answer.error().code == ErrorCode::cancelled) {
    given_up_ = answer.error();
  }
  return answer;
}

Result<std::string> Questions::ask(const std::string& question) {
  return given_up_ ? Result<std::string>(fail(*given_up_)) : kept_in_mind(terminal_.ask(question));
}

Result<Secret> Questions::ask_secret(const std::string& question) {
  return given_up_ ? Result<Secret>(fail(*given_up_))
                   : kept_in_mind(terminal_.ask_secret(question));
}

}  // namespace atlink::cli
