// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client_certificate.h"
#include "atlink/http_message.h"
#include "atlink/proxy.h"
#include "core/http/wire/curl.h"

#include <memory>
#include <string>

namespace atlink::wire {

/// How a connection to an origin is made: what two exchanges must have in common to share one.
struct Way {
  std::string origin;
  std::string ca_pem;
  /// What the proxy is a part of.
  std::shared_ptr<const ProxyRules> rules{};
  /// Null: straight to the host.
  const ProxyServer* proxy = nullptr;
  /// Null where nothing is shown to this origin.
  std::shared_ptr<const ClientCertificate> certificate{};

  /// Whether the proxy is asked for the whole URL, and does not just pass bytes on.
  [[nodiscard]] bool is_forwarded() const;

  [[nodiscard]] bool operator==(const Way& other) const = default;
};

[[nodiscard]] Way way_of(const Url& url, const ConnectionOptions& connection);

/// Has a transfer go through the proxy, or through none whatever the environment says. Throws
/// std::runtime_error.
void apply_proxy(CURL* easy, const Way& way);

/// Has a transfer show the certificate, which must outlive it. Throws std::runtime_error.
void apply_certificate(CURL* easy, const ClientCertificate* certificate);

}  // namespace atlink::wire
