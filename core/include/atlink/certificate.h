// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/result.h"
#include "atlink/text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// X.509 certificates as a person judges them.
namespace atlink {

/// What a certificate says. Whoever made it chose the texts, so they are cut short and hold no
/// control character; nothing here says that any of it is true.
struct Certificate {
  std::string pem;
  /// Whom it is about and who vouches for that: "CN=site.example, O=Acme".
  std::string subject;
  std::string issuer;
  /// The host names and addresses that it is for.
  std::vector<std::string> names;
  /// Dates beyond the range of TimePoint (the year 2262) are at its end.
  TimePoint not_before;
  TimePoint not_after;
  /// Whether it may vouch for others.
  bool authority = false;
  /// Whether it vouches for itself alone.
  bool self_signed = false;
  /// "RSA, 2048 bits".
  std::string key;
  /// SHA-256 of the certificate and of its public key (DER), in lower-case hexadecimal digits.
  std::string fingerprint;
  std::string key_fingerprint;
};

/// The certificates in a text of PEM, in their order; what stands around them is passed over. Fails
/// with `file_damaged` for one that cannot be read and where there is none.
[[nodiscard]] ATLINK_API Result<std::vector<Certificate>> read_certificates(std::string_view pem);

/// Whether the certificate is for this host, a name or an address, by the rules of RFC 6125.
[[nodiscard]] ATLINK_API bool is_for_host(const Certificate& certificate, const std::string& host);

/// Whether `issuer` has signed `certificate`: its name fits, and its key the signature.
[[nodiscard]] ATLINK_API bool has_issued(const Certificate& issuer, const Certificate& certificate);

/// What can be wrong with a chain by itself, whoever is trusted.
enum class ChainFault {
  expired,        ///< a certificate in it has expired
  not_yet_valid,  ///< a certificate in it is not valid yet
  wrong_name,     ///< the server's certificate is for other hosts
  self_signed,    ///< the server's certificate vouches for itself
  incomplete,     ///< the certificate that issued the server's is not presented
  disordered,     ///< a certificate in it has not issued the one before
};

/// "expired", "not_yet_valid" and so on.
[[nodiscard]] ATLINK_API std::string_view to_string(ChainFault fault);

/// A fault, and the place in the chain of the certificate that has it.
struct FoundFault {
  ChainFault fault = ChainFault::expired;
  std::size_t at = 0;
};

/// Every fault of a chain that was presented for `host`, the server's certificate first in it, in
/// the order of ChainFault.
[[nodiscard]] ATLINK_API std::vector<FoundFault> faults_of(const std::vector<Certificate>& chain,
                                                           const std::string& host,
                                                           TimePoint now);

}  // namespace atlink
