// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atlink::listen {

/// The head of a request, judged (RFC 9112 sections 3 to 6).
struct RequestHead {
  /// Method, target and headers; the body is still to come.
  ServerRequest request;
  /// Whether the connection may serve another request afterwards.
  bool keep_alive = true;
  /// Whether the body comes in chunks; then `content_length` means nothing.
  bool chunked = false;
  /// Bytes of the body.
  std::uint64_t content_length = 0;
  /// Whether the visitor waits for "100 Continue" before it sends the body.
  bool expects_continue = false;
  /// The status to refuse the request with; 0 for a good one.
  int refusal = 0;
};

/// Reads a whole head: request line, fields and the empty line, each ended by CR LF. Never fails:
/// what is wrong stands in `refusal` (400, 413 against `body_limit`, 417, 501 or 505). A target in
/// absolute form becomes the origin form, and its authority the Host (RFC 9112 section 3.2.2).
[[nodiscard]] RequestHead read_request_head(std::string_view text, std::uint64_t body_limit);

/// Reads a number of at most 18 digits in that base (10 or 16); none for anything else.
[[nodiscard]] std::optional<std::uint64_t> read_number(std::string_view digits, int base);

}  // namespace atlink::listen
