// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"

#include <string>
#include <string_view>

namespace atlink::http {

/// The canonical form of a URL's host: names in lower case, a plain dotted IPv4 address, an IPv6
/// address in brackets as RFC 5952 writes it. Fails with `url_invalid` for everything else.
[[nodiscard]] Result<std::string> canonical_host(std::string_view host);

/// Whether a canonical host always means this machine: 127.0.0.0/8, [::1], localhost and names
/// below it (RFC 6761 section 6.3).
[[nodiscard]] bool is_loopback_host(std::string_view host);

}  // namespace atlink::http
