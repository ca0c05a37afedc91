// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/sandbox/token_endpoints.h"

#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// The administrator's dialog of the played version, to practise on: the screens of the description
/// with their fields. Filled in as described, it registers a consumer.
class Screens {
 public:
  /// `xsrf` guards the forms.
  Screens(const DanceParts& parts, std::string version, std::string xsrf);

  /// GET shows the dialogs of this version, POST takes the form of one.
  [[nodiscard]] ServerResponse dialog(const Visit& visit);

 private:
  [[nodiscard]] ServerResponse page(const Visit& visit,
                                    int status,
                                    const std::vector<std::string>& notes) const;
  [[nodiscard]] ServerResponse take_form(const Visit& visit);

  DanceParts parts_;
  std::string version_;
  std::string xsrf_;
  std::vector<LinkGuide> guides_;
};

/// Below the base URL, beside where the description says that links are managed.
inline constexpr std::string_view screens_path = "/-/sandbox/link";

}  // namespace atlink::plugins::sandbox
