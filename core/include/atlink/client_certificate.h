// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/certificate.h"
#include "atlink/export.h"
#include "atlink/result.h"
#include "atlink/secret.h"
#include "atlink/url.h"

#include <string>
#include <string_view>
#include <vector>

/// Certificates by which a client shows a server who it is, in the TLS handshake.
namespace atlink {

/// A certificate with what proves that it is ours.
struct ClientCertificate {
  /// PEM: its own certificate first, then those between it and its authority.
  std::string certificates;
  /// PKCS#8 in PEM, without a passphrase.
  Secret key;
  /// What the first of `certificates` says.
  Certificate own;
  /// The origins that it is shown to; no other server sees it.
  std::vector<std::string> origins;

  [[nodiscard]] ATLINK_API bool is_for(const Url& url) const;
};

/// Reads what files hold: PEM with certificates (and the key, where `key` is empty), or PKCS#12.
/// A protected key is opened with `passphrase`, which may be null. Whether the date is right is not
/// looked at. Fails with `client_certificate_invalid` for what cannot be read, has no certificate
/// or no key, or whose key belongs to another certificate, and with `client_certificate_passphrase`
/// (fact "passphrase": "needed" or "wrong").
[[nodiscard]] ATLINK_API Result<ClientCertificate> read_client_certificate(
    std::string_view certificate, std::string_view key, const Secret* passphrase);

}  // namespace atlink
