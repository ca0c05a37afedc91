// SPDX-License-Identifier: Apache-2.0
#include "core/http/wire/certificate_failures.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace atlink::wire {

namespace {

/// Alerts by which a server refuses a certificate (RFC 8446 section 6.2), as OpenSSL writes them.
constexpr std::array refusals{std::string_view("alert unknown ca"),
                              std::string_view("alert bad certificate"),
                              std::string_view("alert certificate expired"),
                              std::string_view("alert certificate revoked"),
                              std::string_view("alert certificate unknown"),
                              std::string_view("alert unsupported certificate"),
                              std::string_view("alert access denied")};

bool says(const Ended& ended, std::string_view words) {
  return ended.detail.find(words) != std::string::npos;
}

std::string origin(const Ended& ended) {
  return std::string(ended.exchange.request.url.origin());
}

Error wanted(const Ended& ended) {
  return make_error(
      ErrorCode::client_certificate_wanted,
      fmt::format("{} wants a client certificate, and none is set for it", origin(ended)),
      "name it: atlink profile set NAME --client-cert FILE");
}

Error refused(const Ended& ended) {
  return make_error(
      ErrorCode::client_certificate_refused,
      fmt::format("{} does not take the client certificate {} ({})",
                  origin(ended),
                  printable(ended.call.way().certificate->own.subject, 200),
                  printable(ended.detail, 200)),
      "have whoever runs the server say which authority and which certificate it takes, then: "
      "atlink profile set NAME --client-cert FILE");
}

}  // namespace

std::optional<Error> client_certificate_failure(const Ended& ended) {
  if (ended.code == CURLE_SSL_CERTPROBLEM) {
    return make_error(
        ErrorCode::client_certificate_invalid,
        fmt::format("the client certificate cannot be used ({})", printable(ended.detail, 200)),
        "name another one: atlink profile set NAME --client-cert FILE");
  }
  const bool shown = ended.call.way().certificate != nullptr;
  if (says(ended, "alert certificate required")) {
    return shown ? refused(ended) : wanted(ended);
  }
  const bool alerted = std::any_of(
      refusals.begin(), refusals.end(), [&](std::string_view words) { return says(ended, words); });
  if (!alerted) {
    return std::nullopt;
  }
  return shown ? std::optional(refused(ended)) : std::optional(wanted(ended));
}

}  // namespace atlink::wire
