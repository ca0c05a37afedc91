// SPDX-License-Identifier: Apache-2.0
#include "core/http/link_header.h"

#include "atlink/text.h"
#include "core/text/ascii.h"

#include <algorithm>

namespace atlink::http {

namespace {

/// One link-value, as far as it matters here.
struct Link {
  std::string target;
  std::string relations;
  bool has_relations = false;
  bool has_anchor = false;
};

/// Reads one header from its beginning.
class LinkReader {
 public:
  explicit LinkReader(std::string_view text) : rest_(text) {}

  /// The next link; none at the end or where something is malformed.
  std::optional<Link> next() {
    skip_spaces();
    while (take(',')) {
      skip_spaces();
    }
    const std::size_t end = rest_.find('>');
    if (!take('<') || end == std::string_view::npos) {
      return std::nullopt;
    }
    Link link;
    link.target = rest_.substr(0, end - 1);
    rest_.remove_prefix(end);
    skip_spaces();
    while (take(';')) {
      if (!read_parameter(link)) {
        return std::nullopt;
      }
      skip_spaces();
    }
    return rest_.empty() || rest_.front() == ',' ? std::optional(std::move(link)) : std::nullopt;
  }

 private:
  bool read_parameter(Link& link) {
    skip_spaces();
    const std::string name = to_lower(take_token());
    skip_spaces();
    std::string value;
    if (take('=')) {
      skip_spaces();
      if (!read_value(value)) {
        return false;
      }
    }
    if (name == "anchor") {
      link.has_anchor = true;
    } else if (name == "rel" && !link.has_relations) {
      link.has_relations = true;  // section 3.3: later ones are to be ignored
      link.relations = std::move(value);
    }
    return true;
  }

  bool read_value(std::string& value) {
    if (!take('"')) {
      value = take_token();
      return true;
    }
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') {
        rest_.remove_prefix(1);
      }
      value += rest_.substr(0, 1);
      rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
    }
    return take('"');
  }

  std::string_view take_token() {
    const std::size_t end = std::min(rest_.find_first_of("=;, \t\""), rest_.size());
    const std::string_view token = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return token;
  }

  void skip_spaces() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
  }

  bool take(char c) {
    const bool there = !rest_.empty() && rest_.front() == c;
    rest_.remove_prefix(there ? 1 : 0);
    return there;
  }

  std::string_view rest_;
};

/// Relations are words between spaces, without case.
bool has_relation(std::string_view relations, std::string_view wanted) {
  while (!relations.empty()) {
    const std::size_t end = std::min(relations.find_first_of(" \t"), relations.size());
    if (equals_ignoring_case(relations.substr(0, end), wanted)) {
      return true;
    }
    relations.remove_prefix(std::min(end + 1, relations.size()));
  }
  return false;
}

}  // namespace

std::optional<std::string> link_target(const Headers& headers, std::string_view relation) {
  for (const std::string_view value : headers.all("Link")) {
    LinkReader reader(value);
    while (auto link = reader.next()) {
      if (!link->has_anchor && has_relation(link->relations, relation)) {
        return std::move(link->target);
      }
    }
  }
  return std::nullopt;
}

}  // namespace atlink::http
