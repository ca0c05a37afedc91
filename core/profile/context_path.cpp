// SPDX-License-Identifier: Apache-2.0
#include "core/profile/context_path.h"

#include "atlink/text.h"
#include "atlink/url.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink {

namespace {

Error unusable(std::string_view text, std::string_view why) {
  return make_error(ErrorCode::url_invalid,
                    fmt::format("\"{}\" is no context path: {}", printable(text, 120), why),
                    "give the path that every address of the installation begins with, such as "
                    "/acme, or / for none");
}

bool has_empty_or_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    if (segment.empty() || segment == "." || segment == "..") {
      return true;
    }
    path.remove_prefix(end);
  }
  return false;
}

}  // namespace

Result<std::string> normalised_context_path(std::string_view text) {
  std::string_view rest = trim(text);
  while (!rest.empty() && rest.back() == '/') {
    rest.remove_suffix(1);
  }
  if (rest.empty()) {
    return std::string();
  }
  std::string path(rest.front() == '/' ? "" : "/");
  path += rest;
  if (has_empty_or_dot_segment(path)) {
    return fail(unusable(text, "it has an empty part, \".\" or \"..\""));
  }
  if (path.find_first_of("?#") != std::string::npos) {
    return fail(unusable(text, "it has a \"?\" or \"#\""));
  }
  if (const auto url = Url::parse("https://site.example" + path); !url) {
    return fail(unusable(text, url.error().message));
  }
  return path;
}

}  // namespace atlink
