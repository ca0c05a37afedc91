// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/detect/evidence.h"

#include <optional>

/// Which question is worth asking next.
namespace atlink::plugins {

/// The open question with the greatest promise: how likely a product is at its place, times the
/// descriptions that it could settle. `promise` is comparable between calls.
struct NextQuestion {
  Question question;
  int promise = 0;
};

/// Below it, a look at the front door of the site is worth more.
inline constexpr int promise_of_front_door = 300;

/// None where every question has been asked.
[[nodiscard]] std::optional<NextQuestion> next_question(const std::vector<Candidate>& candidates,
                                                        const std::vector<const Place*>& places,
                                                        const Evidence& evidence);

}  // namespace atlink::plugins
