// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"

#include <optional>
#include <string>
#include <string_view>

namespace atlink::http {

/// The target of the first link with that relation in the Link headers of an answer (RFC 8288), as
/// it stands between its angle brackets. Links with an anchor are about something else and do not
/// count; nor does what follows a malformed link in the same header.
[[nodiscard]] std::optional<std::string> link_target(const Headers& headers,
                                                     std::string_view relation);

}  // namespace atlink::http
