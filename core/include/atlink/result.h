// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"

#include <tl/expected.hpp>

#include <utility>

namespace atlink {

/// A value or an Error. Nothing in atlink's interfaces throws; a result must be looked at.
///
///     Result<Url> url = Url::parse(text);
///     if (!url) return fail(std::move(url).error());
///     use(*url);
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// The outcome of something that has no value.
using Status = Result<void>;

/// Makes the failed side of any Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

/// Short for fail(make_error(...)).
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code,
                                                std::string message,
                                                std::string next = {}) {
  return fail(make_error(code, std::move(message), std::move(next)));
}

}  // namespace atlink

// A declaration cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define ATLINK_CONCAT_2(a, b) a##b
#define ATLINK_CONCAT(a, b) ATLINK_CONCAT_2(a, b)
#define ATLINK_ASSIGN_2(temporary, declaration, expression) \
  auto temporary = (expression);                            \
  if (!temporary.has_value()) {                             \
    return ::atlink::fail(std::move(temporary).error());    \
  }                                                         \
  declaration = std::move(temporary).value()
// NOLINTEND(bugprone-macro-parentheses)

/// `ATLINK_ASSIGN(auto key, read_key(path));` returns the error from this function, or goes on.
#define ATLINK_ASSIGN(declaration, expression) \
  ATLINK_ASSIGN_2(ATLINK_CONCAT(atlink_result_, __LINE__), declaration, expression)

/// `ATLINK_CHECK(file.close());` the same for a Status.
#define ATLINK_CHECK(expression)                                         \
  do {                                                                   \
    if (auto atlink_status = (expression); !atlink_status.has_value()) { \
      return ::atlink::fail(std::move(atlink_status).error());           \
    }                                                                    \
  } while (false)
