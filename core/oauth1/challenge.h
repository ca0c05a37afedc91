// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/text.h"

#include <string_view>
#include <vector>

namespace atlink::oauth1 {

/// One challenge or set of credentials of a header field (RFC 9110 section 11.3), its values
/// without quotes but not percent-decoded.
struct Challenge {
  std::string_view scheme;
  FormFields parameters;
  /// Off where something in it breaks the grammar; the parameters read so far are there.
  bool well_formed = true;
};

/// Reads a WWW-Authenticate or Authorization field, several challenges in one field included. Takes
/// any bytes, in time that grows with their number.
[[nodiscard]] std::vector<Challenge> read_challenges(std::string_view field);

/// Whether a challenge's scheme is OAuth, in any case of letters.
[[nodiscard]] bool is_oauth(const Challenge& challenge);

/// The challenge's parameters, percent-decoded (RFC 5849 section 3.5.1).
[[nodiscard]] FormFields decoded_parameters(const Challenge& challenge);

}  // namespace atlink::oauth1
