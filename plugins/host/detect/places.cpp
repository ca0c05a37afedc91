// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/detect/places.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace atlink::plugins {

namespace {

constexpr std::size_t most_known = 16;

/// What a segment of a context path that nobody describes may be made of. The path of a redirect is
/// the server's word; of this it cannot make anything but a path.
bool is_plain_segment(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." && segment.size() <= 64 &&
         std::all_of(segment.begin(), segment.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x80 &&
                  (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~');
         });
}

/// The first `count` segments of a path; empty where there are fewer, or one is none of ours.
std::string_view front_of(std::string_view path, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (end >= path.size() || path[end] != '/') {
      return {};
    }
    const std::size_t next = std::min(path.find('/', end + 1), path.size());
    if (!is_plain_segment(path.substr(end + 1, next - end - 1))) {
      return {};
    }
    end = next;
  }
  return path.substr(0, end);
}

/// The first segment, unless it is the whole path and names a file.
std::string_view folder_of(std::string_view path) {
  const std::string_view first = front_of(path, 1);
  const bool is_file = first.size() == path.size() && first.find('.') != std::string_view::npos;
  return is_file ? std::string_view() : first;
}

/// Whether every segment is one of ours.
bool is_plain(std::string_view path) {
  const auto count = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
  return path.empty() || front_of(path, count) == path;
}

/// How many descriptions know each context path, in the order in which they first say it.
std::vector<std::pair<std::string, std::size_t>> known_paths(
    const std::vector<Candidate>& candidates) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  std::vector<std::pair<const Description*, std::string>> seen;
  const auto count = [&](const Candidate& candidate, const std::string& path) {
    if (std::find(seen.begin(), seen.end(), std::pair(candidate.description, path)) != seen.end()) {
      return;
    }
    seen.emplace_back(candidate.description, path);
    const auto known = std::find_if(
        counts.begin(), counts.end(), [&](const auto& each) { return each.first == path; });
    if (known == counts.end()) {
      counts.emplace_back(path, 1);
    } else {
      ++known->second;
    }
  };
  for (const Candidate& candidate : candidates) {
    count(candidate, candidate.product.default_context_path);
    for (const std::string& path : candidate.product.known_context_paths) {
      count(candidate, path);
    }
  }
  return counts;
}

}  // namespace

// The site of a URL that was read is a URL.
Places::Places(const Url& url, const std::vector<Candidate>& candidates)
    : url_(url), site_(*Url::parse(url.origin())), candidates_(candidates) {
  add_asked();
  add("", Place::Why::root);
  add(front_of(url_.path(), 2), Place::Why::deeper_guess);
  add(front_of(url_.path(), 3), Place::Why::deeper_guess);
  add_known();
}

void Places::add(std::string_view context_path, Place::Why why) {
  if (context_path.empty() != (why == Place::Why::root)) {
    return;
  }
  auto base = BaseUrl::make(site_, context_path);
  if (!base) {
    return;
  }
  const auto known = std::find_if(
      all_.begin(), all_.end(), [&](const Place& place) { return place.base == *base; });
  if (known == all_.end()) {
    all_.push_back({*std::move(base), why});
  } else {
    known->why = std::min(known->why, why);
  }
}

std::string_view Places::known_prefix(std::string_view path) const {
  std::string_view longest;
  for (const Candidate& candidate : candidates_) {
    const auto consider = [&](const std::string& known) {
      if (known.size() > longest.size() && lies_below(path, known)) {
        longest = known;
      }
    };
    consider(candidate.product.default_context_path);
    std::for_each(candidate.product.known_context_paths.begin(),
                  candidate.product.known_context_paths.end(),
                  consider);
  }
  return longest;
}

void Places::add_asked() {
  add(known_prefix(url_.path()), Place::Why::asked);
  add(folder_of(url_.path()), Place::Why::guess);
}

void Places::add_known() {
  auto known = known_paths(candidates_);
  std::stable_sort(
      known.begin(), known.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  const std::size_t most = all_.size() + most_known;
  for (std::size_t i = 0; i < known.size() && all_.size() < most; ++i) {
    add(known[i].first, Place::Why::known);
  }
}

void Places::learn(const Question& question, const Url& target) {
  if (!target.same_origin(url_)) {
    return;
  }
  const std::string_view asked = question.path;
  const std::string_view from = asked.substr(0, asked.find('?'));
  const std::string_view to = target.path();
  const bool moved = to.size() > from.size() && to.substr(to.size() - from.size()) == from;
  if (moved && from != "/" && is_plain(to.substr(0, to.size() - from.size()))) {
    add(to.substr(0, to.size() - from.size()), Place::Why::redirect);
    return;
  }
  const std::string_view known = known_prefix(to);
  const std::string_view place = known.empty() ? folder_of(to) : known;
  if (!names_sign_in(place)) {
    add(place, Place::Why::redirect);
  }
}

Result<Url> Places::url_of(const Question& question) const {
  return Url::parse(fmt::format("{}{}", site_.origin(), question.path));
}

std::optional<Question> Places::question(const Place& place,
                                         const Candidate& candidate,
                                         const Probe& probe) {
  const bool of_site = probe.endpoint.relative_to == EndpointPath::RelativeTo::site;
  if (of_site && candidate.home != place.base.context_path()) {
    return std::nullopt;
  }
  const std::string_view above = of_site ? std::string_view() : place.base.context_path();
  const EndpointPath& endpoint = probe.endpoint;
  std::string path = fmt::format("{}{}", above, endpoint.path);
  if (!endpoint.query.empty()) {
    path += fmt::format("?{}", to_form(endpoint.query));
  }
  return Question{std::move(path), probe.accept};
}

}  // namespace atlink::plugins
