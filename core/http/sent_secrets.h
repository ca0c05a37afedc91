// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/error.h"
#include "atlink/http_message.h"
#include "atlink/scrub.h"
#include "atlink/text.h"

#include <string>
#include <string_view>

namespace atlink::http {

/// What requests prove themselves with. Servers repeat in their answers what they were sent, and
/// what they say is told to people, who share it.
class SentSecrets {
 public:
  /// Everything in these headers that may be secret by its name, passwords of Basic included.
  void take(const Headers& headers);

  /// The values of the fields that may be secret by their names.
  void take(const FormFields& fields);

  void take(std::string_view secret);

  /// The error with "(hidden)" wherever one of them stands, as it is or percent-encoded, and in
  /// place of the beginning of one that was cut off by dots. What stands behind "Basic" or
  /// "Bearer" and is no word goes too, known or not.
  [[nodiscard]] Error hide(Error error) const;

  /// The same of a text.
  [[nodiscard]] std::string hide(std::string text) const;

 private:
  void take_cookies(std::string_view pairs);

  Scrub sent_;
};

}  // namespace atlink::http
