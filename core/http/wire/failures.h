// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"
#include "atlink/http_message.h"
#include "core/http/wire/call.h"
#include "core/http/wire/curl.h"

#include <chrono>
#include <string>

namespace atlink::wire {

/// Name, connection, proxy and TLS together take no longer than this, whatever the whole exchange
/// may take.
inline constexpr std::chrono::seconds connect_deadline{20};

/// An exchange that ended without a whole answer, and what libcurl knows about it.
struct Ended {
  const Exchange& exchange;
  const Call& call;
  CURL* easy;
  LoopEnd how;
  CURLcode code;
  /// libcurl's own words; may be empty.
  std::string detail;
};

/// The error of that exchange: `answer_*` once a byte of an answer had come, `network_*` before.
/// Names host, port, the phase and what to do.
[[nodiscard]] Error describe(const Ended& ended);

/// Why a certificate was refused, from OpenSSL's verify result (X509_V_ERR_*), or an empty text
/// for reasons without words of their own.
[[nodiscard]] std::string_view certificate_reason(long verify_result);

}  // namespace atlink::wire
