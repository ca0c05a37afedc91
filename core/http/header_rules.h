// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/product.h"
#include "atlink/result.h"

#include <string_view>

namespace atlink::http {

/// The headers of a request: the caller's, then the product's for that method, then our own
/// defaults; a name that is there already is not added again. Fails with `header_invalid` for a
/// header that cannot be sent or that the caller must not set (Authorization, Host, Content-Length,
/// Transfer-Encoding), with `plugin_invalid` where the product's are such.
[[nodiscard]] Result<Headers> request_headers(const Headers& callers,
                                              const Product& product,
                                              std::string_view method);

/// What may go to another origin than the credential's: only headers that are known to carry no
/// secret.
[[nodiscard]] Headers headers_for_stranger(const Headers& headers);

/// Whether the headers say that the body is application/x-www-form-urlencoded.
[[nodiscard]] bool is_form(const Headers& headers);

}  // namespace atlink::http
