// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect/plan.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins {

namespace {

using Why = Place::Why;

constexpr int whole = 100;  // percent
constexpr int promise_of_root = 300;

/// How promising one description is at a place, per whole.
int weight_of(Why why) {
  switch (why) {
    case Why::asked:
      return 400;
    case Why::redirect:
      return 380;
    case Why::guess:
      return 310;
    case Why::root:
      return promise_of_root;
    case Why::deeper_guess:
      return 120;
    case Why::known:
      break;
  }
  return 100;
}

/// A place that only a description proposes never comes before the root and the front door.
bool is_long_shot(Why why) {
  return why == Why::known || why == Why::deeper_guess;
}

/// How much a candidate's probe counts at a place, in percent.
int percent_of(const Place& place,
               const Candidate& candidate,
               const Probe& probe,
               const Evidence& evidence) {
  int percent = whole;
  // What the host itself speaks for may still have hidden one of its probes.
  const bool named_by_host = candidate.host == Candidate::HostSays::yes;
  if (!named_by_host && evidence.speaks_against(place, candidate)) {
    percent /= 4;
  }
  if (!probe.proof) {
    percent /= 2;
  }
  if (candidate.host == Candidate::HostSays::no) {
    percent /= 2;
  }
  if (place.why == Why::known && !candidate.knows(place.base.context_path())) {
    percent = 0;
  }
  return percent;
}

/// One open question at one place, and what it could settle.
struct Open {
  Why why;
  Question question;
  /// The best percentage of each description.
  std::vector<std::pair<const Description*, int>> of;

  void count(const Description* description, int percent) {
    for (auto& [known, best] : of) {
      if (known == description) {
        best = std::max(best, percent);
        return;
      }
    }
    of.emplace_back(description, percent);
  }
};

void collect(const Place& place,
             Why why,
             const std::vector<Candidate>& candidates,
             const Evidence& evidence,
             std::vector<Open>& into) {
  const std::size_t begin = into.size();
  for (const Candidate& candidate : candidates) {
    for (const Probe& probe : candidate.product.probes) {
      const int percent = percent_of(place, candidate, probe, evidence);
      auto question = Places::question(place, candidate, probe);
      if (percent == 0 || !question || evidence.find(*question) != nullptr) {
        continue;
      }
      const auto known = std::find_if(into.begin() + static_cast<std::ptrdiff_t>(begin),
                                      into.end(),
                                      [&](const Open& each) { return each.question == *question; });
      Open& open =
          known == into.end() ? into.emplace_back(Open{why, *std::move(question), {}}) : *known;
      open.count(candidate.description, percent);
    }
  }
}

int promise_of(const Open& open) {
  int sum = 0;
  for (const auto& [description, percent] : open.of) {
    sum += percent;
  }
  const int promise = weight_of(open.why) * sum / whole;
  return is_long_shot(open.why) ? std::min(promise, promise_of_root - 1) : promise;
}

}  // namespace

std::optional<NextQuestion> next_question(const std::vector<Candidate>& candidates,
                                          const std::vector<const Place*>& places,
                                          const Evidence& evidence) {
  std::vector<Open> open;
  for (const Place* place : places) {
    // A guess that has been answered otherwise was probably a wrong one.
    const bool denied = place->why == Why::guess && evidence.speaks_against(*place);
    collect(*place, denied ? Why::deeper_guess : place->why, candidates, evidence, open);
  }
  std::optional<NextQuestion> best;
  for (Open& each : open) {
    const int promise = promise_of(each);
    if (!best || promise > best->promise) {
      best = NextQuestion{std::move(each.question), promise};
    }
  }
  return best;
}

}  // namespace atlink::plugins
