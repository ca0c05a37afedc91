// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/url.h"

#include <string>
#include <string_view>

namespace atlink::http {

/// Whether a header, query field or form field of that name may hold a secret. The one list: all
/// redaction asks here.
[[nodiscard]] bool is_secret_name(std::string_view name);

/// A URL for people: one line of printable text, without the values of fields that may hold
/// secrets.
[[nodiscard]] std::string shown_url(const Url& url);

}  // namespace atlink::http
