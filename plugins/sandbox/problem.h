// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"
#include "atlink/text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// What the site finds wrong with a signed request (the OAuth problem reporting extension).
struct Problem {
  /// The word of oauth_problem; empty for an unexpected failure, which is a bare 500.
  std::string word;
  /// Further parameters, decoded.
  FormFields details;
};

/// 400, 401, 403, 500 or 503, as the products map the words.
[[nodiscard]] int status_of(const Problem& problem);

/// Every word of the OAuth problem reporting extension that a site may be asked to report.
[[nodiscard]] std::vector<std::string_view> problem_words();

/// A problem of that word with the details that the extension wants for it.
[[nodiscard]] Problem example_problem(std::string_view word, std::int64_t now);

/// The value of WWW-Authenticate: every value percent-encoded, the base URL as realm. Without a
/// problem it is the bare challenge of a 401 that has nothing to do with OAuth.
[[nodiscard]] std::string challenge(std::string_view base_url, const Problem* problem);

/// The whole answer of a token endpoint or a refused request: status, challenge and form body.
[[nodiscard]] ServerResponse problem_answer(std::string_view base_url, const Problem& problem);

}  // namespace atlink::plugins::sandbox
