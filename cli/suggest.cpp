// SPDX-License-Identifier: Apache-2.0
#include "cli/suggest.h"

#include <algorithm>
#include <cstddef>

namespace atlink::cli {

namespace {

// Optimal string alignment distance: Levenshtein's with swaps of neighbours as one step.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    last[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view typed,
                                        const std::vector<std::string_view>& candidates) {
  std::optional<std::string_view> best;
  std::size_t best_distance = 0;
  for (const std::string_view candidate : candidates) {
    // A third of the letters may be wrong; beyond that it is another word.
    const std::size_t longest = std::max(typed.size(), candidate.size());
    if ((longest - std::min(typed.size(), candidate.size())) * 3 > longest) {
      continue;
    }
    const std::size_t steps = distance(typed, candidate);
    if (steps * 3 <= longest && (!best || steps < best_distance)) {
      best = candidate;
      best_distance = steps;
    }
  }
  return best;
}

}  // namespace atlink::cli
