// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <string>
#include <string_view>

namespace atlink {

/// A context path as a person writes it made into ours, "" or "/x/y": "", "/" and white space
/// around it mean none, a leading slash is added, trailing ones are dropped. Fails with
/// `url_invalid` for what cannot be part of a path: empty, "." and ".." segments, a query, a
/// fragment, characters that a URL must have encoded.
[[nodiscard]] Result<std::string> normalised_context_path(std::string_view text);

}  // namespace atlink
