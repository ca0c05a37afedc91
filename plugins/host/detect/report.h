// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/detect.h"
#include "plugins/host/detect/evidence.h"

#include <vector>

namespace atlink::plugins {

/// What the evidence comes to, in words and as data.
[[nodiscard]] Detection report(const Url& url,
                               const Places& places,
                               const std::vector<Candidate>& candidates,
                               const Evidence& evidence);

/// The ways to sign in of a product in that version; all of them where it is not known.
[[nodiscard]] std::vector<SignInWay> ways_to_sign_in(const Product& product,
                                                     std::string_view version);

}  // namespace atlink::plugins
