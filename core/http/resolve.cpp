// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "atlink/url.h"
#include "core/text/ascii.h"

#include <fmt/format.h>

namespace atlink {

namespace {

/// RFC 3986 section 5.2.4: takes "." and ".." segments out of an absolute path.
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool up = segment == "/..";
    if (!up && segment != "/.") {
      out += segment;
      continue;
    }
    if (up) {
      out.resize(out.empty() ? 0 : out.rfind('/'));
    }
    if (path.empty()) {
      out += '/';
    }
  }
  return out;
}

/// Servers write spaces and characters beyond ASCII into Location as they are. Encoding them is
/// what browsers do, and changes nothing of a reference that is well-formed. A backslash stays, to
/// be refused: browsers take it for a slash.
std::string encode_stray(std::string_view reference) {
  constexpr std::string_view stray = " \"<>^`{|}";
  std::string encoded;
  for (const char c : reference) {
    if (static_cast<unsigned char>(c) >= 0x80 || stray.find(c) != std::string_view::npos) {
      encoded += percent_encode({&c, 1});
    } else {
      encoded += c;
    }
  }
  return encoded;
}

/// Whether it begins with a scheme (RFC 3986 section 3.1).
bool has_scheme(std::string_view reference) {
  const std::size_t colon = reference.find_first_of(":/?");
  if (colon == std::string_view::npos || reference[colon] != ':' || colon == 0) {
    return false;
  }
  for (const char c : reference.substr(0, colon)) {
    if (!text::is_alnum(c) && c != '+' && c != '-' && c != '.') {
      return false;
    }
  }
  return text::is_alpha(reference.front());
}

struct Target {
  std::string_view path;
  /// With its "?"; empty for none.
  std::string_view query;
};

Target split_target(std::string_view text) {
  const std::size_t mark = std::min(text.find('?'), text.size());
  return {text.substr(0, mark), text.substr(mark)};
}

/// The whole URL with its path's dot segments removed.
Result<Url> normalized(std::string_view text) {
  ATLINK_ASSIGN(const Url url, Url::parse(text));
  const Target target = split_target(url.target());
  return Url::parse(
      fmt::format("{}{}{}", url.origin(), without_dot_segments(target.path), target.query));
}

}  // namespace

Result<Url> Url::resolve(std::string_view reference) const {
  const std::string encoded = encode_stray(trim(reference));
  // A fragment is for the browser (RFC 9110 section 10.2.2).
  const std::string_view wanted = std::string_view(encoded).substr(0, encoded.find('#'));
  if (has_scheme(wanted)) {
    return normalized(wanted);
  }
  if (wanted.substr(0, 2) == "//") {
    return normalized(fmt::format("{}:{}", scheme(), wanted));
  }
  const Target target = split_target(wanted);
  if (target.path.empty()) {
    const std::string_view own = target.query.empty() ? this->target() : path();
    return parse(fmt::format("{}{}{}", origin(), own, target.query));
  }
  if (target.path.front() == '/') {
    return normalized(fmt::format("{}{}", origin(), wanted));
  }
  const std::string_view folder = path().substr(0, path().rfind('/') + 1);
  return normalized(fmt::format("{}{}{}", origin(), folder, wanted));
}

}  // namespace atlink
