// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/result.h"
#include "core/http/wire/curl.h"
#include "core/http/wire/upload.h"

namespace atlink::wire {

/// Refuses what must not reach the wire: a method or header that `check_method` or `check_header`
/// refuses; `header_invalid` also for Host, Content-Length and Transfer-Encoding, which follow from
/// URL and body; `usage` for a HEAD with a body.
[[nodiscard]] Status check_request(const HttpRequest& request);

/// The header fields as libcurl takes them: the request's own, unchanged and in order, Host as the
/// URL has it, Accept-Encoding, and the removal of what libcurl would add by itself. Throws
/// std::bad_alloc.
[[nodiscard]] List header_list(const HttpRequest& request);

/// Has `easy` send this request next. `upload` and `headers` must outlive the transfer. Throws
/// std::runtime_error.
void apply_request(CURL* easy,
                   const HttpRequest& request,
                   const Upload& upload,
                   const List& headers);

}  // namespace atlink::wire
