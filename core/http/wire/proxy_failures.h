// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"
#include "atlink/http_message.h"
#include "atlink/proxy.h"
#include "core/http/wire/failures.h"

#include <optional>

namespace atlink::wire {

/// Why an exchange failed, where it was the proxy's doing or silence; none where the proxy had done
/// its part, and where there is none.
[[nodiscard]] std::optional<Error> proxy_failure(const Ended& ended);

/// Whether an answer that came from a proxy which was asked for the whole URL is the server's.
/// Fails with `network_proxy_auth` and `network_proxy` where the proxy says that it is its own: by
/// the status 407, by Proxy-Status (RFC 9209), or by the marks that common proxies put on their
/// error pages.
[[nodiscard]] Status check_forwarded(const ProxyServer& proxy, const HttpResponseHead& head);

}  // namespace atlink::wire
