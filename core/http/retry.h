// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/http_message.h"
#include "atlink/platform.h"
#include "atlink/result.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace atlink::http {

/// Whether a method may be repeated without harm by its own meaning (RFC 9110 section 9.2.2).
[[nodiscard]] bool is_idempotent(std::string_view method);

/// Whether a failure without an answer can be gone by itself the next time. A name that does not
/// resolve, a certificate that is not trusted, a TLS or proxy failure are what somebody has to
/// mend: the person should hear of them at once.
[[nodiscard]] bool may_pass(ErrorCode code);

/// Whether the request may have been carried out although it failed so.
[[nodiscard]] bool may_have_been_done(ErrorCode code);

/// How long a server asks to wait (RFC 9110 section 10.2.3): seconds or a date, the latter measured
/// against the answer's own Date or else `now`. Never negative; none where nothing usable is said.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpResponseHead& head,
                                                                   TimePoint now);

/// The same for an answer that limits the rate: where there is no usable Retry-After, until the
/// time in the header that the product's description names.
[[nodiscard]] std::optional<std::chrono::milliseconds> limit_ends(const HttpResponseHead& head,
                                                                  const RateLimitRules& rules,
                                                                  TimePoint now);

/// How long to wait before repeating for the `repeat`-th time (from 1): what the server asks for
/// plus up to one step of our own, else between half and the whole of that step. Steps double from
/// `first_pause` to `longest_pause`. Fails with the random source.
[[nodiscard]] Result<std::chrono::milliseconds> pause_before(
    int repeat,
    const RetryPolicy& policy,
    std::optional<std::chrono::milliseconds> asked,
    RandomSource& random);

}  // namespace atlink::http
