// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/wire/curl.h"

namespace atlink::wire {

/// Whether the server of the running transfer has said that it ends the TLS connection
/// (close_notify, RFC 8446 section 6.1). Without it, an answer whose length is the end of the
/// connection may have been cut off by anybody on the way; libcurl 7.88 takes it for whole. Also
/// true where it cannot be told: no TLS, or libcurl with another TLS library than OpenSSL. To be
/// called from a callback of libcurl, while the connection is there.
[[nodiscard]] bool said_goodbye(CURL* easy);

/// Whether the running transfer's connection speaks HTTP/2, which both sides said in the TLS
/// handshake (ALPN, RFC 7301). To be called as above.
[[nodiscard]] bool speaks_http2(CURL* easy);

}  // namespace atlink::wire
