// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/path_pattern.h"

#include "plugins/sandbox/visit.h"

#include <algorithm>

namespace atlink::plugins::sandbox {

namespace {

/// "a{x}b{{" is "a", "b{".
std::vector<std::string> texts_of(std::string_view segment) {
  std::vector<std::string> texts(1);
  for (std::size_t at = 0; at < segment.size(); ++at) {
    const bool twice = at + 1 < segment.size() && segment[at + 1] == segment[at];
    const std::size_t end = segment[at] == '{' && !twice ? segment.find('}', at) : at;
    if (end != at && end != std::string_view::npos) {
      texts.emplace_back();
      at = end;
      continue;
    }
    texts.back() += segment[at];
    at += (segment[at] == '{' || segment[at] == '}') && twice ? 1 : 0;
  }
  return texts;
}

/// Takes the values between the texts out of a segment; false where it does not fit. A value is as
/// short as it can be and never empty.
bool take_values(std::string_view segment,
                 const std::vector<std::string>& texts,
                 std::vector<std::string>& values) {
  if (segment.substr(0, texts.front().size()) != texts.front()) {
    return false;
  }
  segment.remove_prefix(texts.front().size());
  for (std::size_t i = 1; i < texts.size(); ++i) {
    const bool last = i + 1 == texts.size();
    const std::size_t size = texts[i].size();
    std::size_t end = texts[i].empty() ? segment.size() : segment.find(texts[i], 1);
    if (last && segment.size() > size) {
      end = segment.size() - size;
    }
    if (end == 0 || end > segment.size() || segment.substr(end, size) != texts[i]) {
      return false;
    }
    values.emplace_back(segment.substr(0, end));
    segment.remove_prefix(end + size);
  }
  return segment.empty();
}

}  // namespace

PathPattern::PathPattern(std::string_view path) {
  for (const std::string& segment : segments_of(path)) {
    segments_.push_back(texts_of(segment));
  }
}

std::optional<std::vector<std::string>> PathPattern::match(
    const std::vector<std::string>& segments) const {
  std::vector<std::string> values;
  if (segments.size() != segments_.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!take_values(segments[i], segments_[i], values)) {
      return std::nullopt;
    }
  }
  return values;
}

std::size_t PathPattern::common(const PathPattern& other) const {
  const auto ends = std::mismatch(
      segments_.begin(), segments_.end(), other.segments_.begin(), other.segments_.end());
  return static_cast<std::size_t>(ends.first - segments_.begin());
}

}  // namespace atlink::plugins::sandbox
