// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"

#include <optional>
#include <string>

namespace atlink::http {

/// A request made ready: everything that stays the same from attempt to attempt.
struct Prepared {
  std::string method;
  Url url;
  /// Complete but for the credential.
  Headers headers;
  /// A form body, which takes part in signatures; else `body` may be set.
  std::optional<std::string> form = std::nullopt;
  /// Not owned.
  BodySource* body = nullptr;
  /// Whether the body can be sent once more; true without one.
  bool can_rewind = true;
  /// Whether sending it twice does no harm.
  bool safe_to_repeat = false;
  bool follow_redirects = true;
};

/// Checks and completes `request`: method, URL below the base, headers, and a form body read into
/// memory (1 MiB at most, since it has to be signed as a whole). Fails with `usage`,
/// `header_invalid`, `plugin_invalid`, `url_*`.
[[nodiscard]] Result<Prepared> prepare(const Connection& connection, const ApiRequest& request);

/// The URL alone.
[[nodiscard]] Result<Url> request_url(const Connection& connection, const ApiRequest& request);

}  // namespace atlink::http
