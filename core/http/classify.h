// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/oauth1.h"
#include "atlink/product.h"
#include "atlink/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::http {

/// How much of a body is looked at.
inline constexpr std::size_t looked_at = std::size_t{64} << 10;

/// What an answer answers to.
struct Question {
  std::string_view method;
  const Url& url;
  const Product& product;
  /// Whether it carried a credential.
  bool proven = false;
  /// Of that credential.
  SignInMethod method_of_credential = SignInMethod::oauth1;
};

/// Whether the status may mean that the question's credential has expired: 401, and what the
/// description says of the method.
[[nodiscard]] bool may_have_expired(const Question& question, int status);

/// What an answer means.
struct Verdict {
  /// None for a usable answer.
  std::optional<Error> error;
  /// Where the server reports an OAuth problem: what it said.
  std::optional<oauth1::Problem> problem;
  /// Where one of the product's signals fits: its meaning.
  std::optional<ResponseSignal::Meaning> signal;
};

/// Judges an answer by its head and the beginning of its body: an OAuth problem first, then the
/// product's signals in the description's order, then the status with the product's own words.
[[nodiscard]] Verdict classify(const Question& question,
                               const HttpResponseHead& head,
                               std::string_view body);

/// Whether the body can change what `classify` says of this answer; if not, a body of any size may
/// stream on at once.
[[nodiscard]] bool body_matters(const Question& question, const HttpResponseHead& head);

}  // namespace atlink::http
