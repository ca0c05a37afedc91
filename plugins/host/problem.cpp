// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/problem.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace atlink::plugins {

namespace {

/// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

Error to_error(const std::vector<Problem>& problems,
               const std::string& file,
               std::string_view text) {
  const Problem& first = problems.front();
  const std::size_t line = line_of(text, first.pointer);
  std::string where = printable(file);
  if (line != 0) {
    where += fmt::format(":{}", line);
  }
  if (!first.pointer.empty()) {
    where += ", " + printable(first.pointer, 200);
  }
  std::string message = fmt::format("{}: {}", where, printable(first.message));
  if (problems.size() > 1) {
    message += fmt::format(" (and {} more)", problems.size() - 1);
  }
  Error error = make_error(ErrorCode::plugin_invalid, std::move(message), printable(first.next))
                    .with("file", file)
                    .with("rule", std::string(first.rule.str()))
                    .with("pointer", first.pointer);
  return line == 0 ? std::move(error) : std::move(error).with("line", std::to_string(line));
}

std::string pointer_segment(std::string_view name) {
  std::string segment;
  for (const char c : name) {
    if (c == '~') {
      segment += "~0";
    } else if (c == '/') {
      segment += "~1";
    } else {
      segment += c;
    }
  }
  return segment;
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& names) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  if (name.size() > 64) {
    return best;
  }
  const std::string wanted = to_lower(name);
  for (const std::string_view candidate : names) {
    const std::size_t far = distance(wanted, candidate);
    if (far < least && far < candidate.size()) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

}  // namespace atlink::plugins
