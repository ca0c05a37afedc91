// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/certificate.h"
#include "atlink/json.h"
#include "atlink/platform.h"
#include "atlink/url.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a server presents in a TLS handshake, in words.
namespace atlink::cli {

/// One thing that is wrong with a chain.
struct ChainProblem {
  /// A ChainFault's name, or "unknown_authority", "revoked", "other".
  std::string code;
  /// The place of the certificate in the chain.
  std::size_t at = 0;
  std::string message;
};

/// A chain and what is to be said of it.
struct Presented {
  Url url;
  /// Never empty; the server's own first.
  std::vector<Certificate> certificates;
  std::optional<Error> distrust;
  std::vector<ChainProblem> problems;
};

/// What a profile was made to trust.
struct Added {
  std::size_t place = 0;
  /// The file that keeps it, and what the profile named before.
  std::string file;
  std::string before;
};

/// Looks at what the server presents, in handshakes that send no request, and at what is wrong with
/// it. Fails as `Transport::look` does.
[[nodiscard]] Result<Presented> look_at(const Platform& platform,
                                        const Url& url,
                                        const ConnectionOptions& connection);

/// How long one look may take.
inline constexpr std::chrono::seconds look_deadline{30};

/// Everything that is wrong: what the chain shows by itself, and why it is not trusted.
[[nodiscard]] std::vector<ChainProblem> problems_of(const Presented& presented, TimePoint now);

/// What helps where trust alone does not, from the reason of `network_certificate`.
[[nodiscard]] std::string remedy_for(std::string_view reason, const Presented& presented);

[[nodiscard]] std::string to_text(const Presented& presented);

[[nodiscard]] json::Value to_document(const Presented& presented,
                                      const std::string& profile,
                                      const std::optional<Added>& added);

}  // namespace atlink::cli
