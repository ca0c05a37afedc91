// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/link_values.h"

#include <string>
#include <vector>

/// What to type into an application link, in words.
namespace atlink::cli {

/// "version 8.0 and later".
[[nodiscard]] std::string versions_of(const LinkGuide& guide);

/// The values without the screens, for the person whose profile it is.
[[nodiscard]] std::string values_text(const Place& place, const LinkValues& values);

/// Every screen, with what to do in each field. A screen that comes twice is written out once.
[[nodiscard]] std::string guides_text(const std::vector<LinkGuide>& guides,
                                      const LinkValues& values);

/// A message for somebody else, who has the rights and has never heard of this program.
[[nodiscard]] std::string administrator_text(const Place& place,
                                             const LinkValues& values,
                                             const std::vector<LinkGuide>& guides);

}  // namespace atlink::cli
