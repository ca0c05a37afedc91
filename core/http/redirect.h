// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_message.h"
#include "atlink/result.h"
#include "atlink/url.h"

#include <string>
#include <string_view>

namespace atlink::http {

/// Whether an answer asks to go elsewhere (RFC 9110 section 15.4).
[[nodiscard]] bool is_redirect(int status);

/// What to send after a redirect.
struct Redirect {
  std::string method;
  Url url;
  /// Whether the body goes along; else it is dropped, with the headers about it.
  bool keeps_body = false;
};

/// An `answer_redirect` error; without a `next` of its own it says what usually helps.
[[nodiscard]] tl::unexpected<Error> refuse_redirect(std::string message, std::string next = {});

/// Where a redirect leads from `url` (the one before signing), and as what method: 303 turns
/// everything but HEAD into GET, 301 and 302 turn POST into GET, 307 and 308 change nothing.
/// OAuth parameters that the server copied into the Location are taken out. Fails with
/// `answer_redirect` for no or an unusable Location, for https to http, and for http to https on
/// the same host, where the base URL should be mended.
[[nodiscard]] Result<Redirect> follow(const HttpResponseHead& head,
                                      const Url& url,
                                      std::string_view method);

/// The URL without OAuth parameters in its query. A signature is for one request only, and signing
/// again would repeat them, which servers refuse.
[[nodiscard]] Result<Url> without_oauth(const Url& url);

}  // namespace atlink::http
