// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atlink {

/// What went wrong, as a number that never changes its meaning. Numbers are only ever appended, in
/// blocks of one hundred an area; `error_codes.def` is the one table of number, dotted name and
/// sentence, and `docs/errors.md` is checked against it.
enum class ErrorCode : int {
#define ATLINK_ERROR_CODE(identifier, number, dotted_name, sentence) identifier = (number),
#include "atlink/error_codes.def"
#undef ATLINK_ERROR_CODE
};

/// The dotted name of a code, for example "oauth1.signature_invalid". Valid for ever.
[[nodiscard]] ATLINK_API std::string_view name_of(ErrorCode code);

/// The sentence of the table: what the code means in general.
[[nodiscard]] ATLINK_API std::string_view meaning_of(ErrorCode code);

/// Every code of the table, in its order.
[[nodiscard]] ATLINK_API const std::vector<ErrorCode>& all_error_codes();

/// A failure, told so that a person can act on it. No field ever holds a secret; text that came
/// from a server or a plugin is stripped of control characters when the error is made (see
/// `printable` in text.h).
struct Error {
  ErrorCode code{};
  /// What happened and to what, in lower case and without a full stop.
  std::string message;
  /// The next step: a sentence or a command that mends it. May be empty.
  std::string next;
  /// Facts added on the way up, such as {"profile", "work"} or {"file", "/path"}.
  std::vector<std::pair<std::string, std::string>> context;

  /// The same error with one more fact.
  [[nodiscard]] ATLINK_API Error with(std::string key, std::string value) &&;

  /// The value of a fact, or an empty view.
  [[nodiscard]] ATLINK_API std::string_view fact(std::string_view key) const;
};

/// Makes an error without facts.
[[nodiscard]] ATLINK_API Error make_error(ErrorCode code,
                                          std::string message,
                                          std::string next = {});

}  // namespace atlink
