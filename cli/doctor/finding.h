// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace atlink::cli::doctor {

enum class Outcome {
  pass,
  warn,  ///< works, and should not stay so
  fail,
  skip,  ///< cannot be told: something before it is missing
};

/// "pass", "warn", "fail" or "skip".
[[nodiscard]] std::string_view to_string(Outcome outcome);

/// What a check says.
struct Finding {
  Outcome outcome = Outcome::skip;
  std::string message;
  /// Of a failed check.
  std::optional<Error> cause{};
};

[[nodiscard]] inline Finding pass(std::string message) {
  return {Outcome::pass, std::move(message)};
}

[[nodiscard]] inline Finding warn(std::string message) {
  return {Outcome::warn, std::move(message)};
}

[[nodiscard]] inline Finding skip(std::string message) {
  return {Outcome::skip, std::move(message)};
}

/// Failed by an error, whose message is the finding's.
[[nodiscard]] inline Finding failed(Error cause) {
  std::string message = cause.message;
  return {Outcome::fail, std::move(message), std::move(cause)};
}

/// The same with another next step; an empty one leaves the error's own.
[[nodiscard]] Finding failed(Error cause, std::string next);

}  // namespace atlink::cli::doctor
