// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"
#include "atlink/export.h"
#include "atlink/secret.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink {

/// Whether a parameter or header of that name holds what proves who asks, and not something that
/// only sounds so and is needed to understand an answer (`oauth_signature_method`).
[[nodiscard]] ATLINK_API bool holds_secret(std::string_view name);

/// Takes out of texts what must not be seen, wherever it came from: a server may repeat in its
/// answer what it was sent.
class ATLINK_API Scrub {
 public:
  /// Very short ones are left: they would stand in every text by chance, and hide nothing.
  void hide(std::string_view secret);

  /// The text with "(hidden)" for each secret, as it is or percent-encoded, and for the beginning
  /// of one that was cut off by dots, as `printable` cuts.
  [[nodiscard]] std::string clean(std::string text) const;

  /// The same for everything in an error.
  [[nodiscard]] Error clean(Error error) const;

 private:
  std::vector<Secret> secrets_;
};

}  // namespace atlink
