// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"
#include "core/http/wire/failures.h"

#include <optional>

namespace atlink::wire {

/// Why an exchange failed, where it was for the client's certificate or the lack of one, as far as
/// the server's alert tells; else none.
[[nodiscard]] std::optional<Error> client_certificate_failure(const Ended& ended);

}  // namespace atlink::wire
