// SPDX-License-Identifier: Apache-2.0
#include "atlink/profile.h"
#include "atlink/text.h"
#include "core/profile/context_path.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink {

namespace {

/// Whether `path` is `prefix` or lies below it.
bool lies_below(std::string_view path, std::string_view prefix) {
  return path.substr(0, prefix.size()) == prefix &&
         (path.size() == prefix.size() || path[prefix.size()] == '/');
}

/// The longest context path known for the product that `path` begins with; none if there is none.
std::string_view known_prefix(std::string_view path, const Product& product) {
  std::string_view longest;
  const auto consider = [&](std::string_view known) {
    if (known.size() > longest.size() && lies_below(path, known)) {
      longest = known;
    }
  };
  consider(product.default_context_path);
  for (const std::string& known : product.known_context_paths) {
    consider(known);
  }
  return longest;
}

Error disagreement(std::string_view in_url, std::string_view given) {
  return make_error(ErrorCode::url_invalid,
                    fmt::format("the URL has the path {} and the context path was given as {}",
                                in_url,
                                given.empty() ? std::string_view("/ (none)") : given),
                    "give the context path in one of the two places only");
}

/// The explicit context path, which the path of the URL must not contradict.
Result<std::string> agreed(const std::string& given,
                           std::string_view in_url,
                           const Product& product) {
  ATLINK_ASSIGN(std::string path, normalised_context_path(given));
  const bool contradicted = path.empty() ? in_url == known_prefix(in_url, product) : false;
  if (!in_url.empty() && (contradicted || !lies_below(in_url, path))) {
    return fail(disagreement(in_url, path));
  }
  return path;
}

Result<Url> address(std::string_view text) {
  auto url = Url::parse(trim(text));
  if (!url) {
    Error error = std::move(url).error();
    if (trim(text).find("://") == std::string_view::npos) {
      error.next = "begin it with https://";
    }
    return fail(std::move(error));
  }
  if (url->query()) {
    return fail(ErrorCode::url_invalid,
                fmt::format("the URL has a query (\"?{}\")", printable(*url->query(), 80)),
                "give the address of the installation alone, without \"?\" and what follows");
  }
  return url;
}

}  // namespace

Result<SiteAndContext> split_base_url(std::string_view url,
                                      const std::optional<std::string>& context_path,
                                      const Product& product) {
  ATLINK_ASSIGN(const Url parsed, address(url));
  SiteAndContext split;
  split.site = std::string(parsed.origin());
  ATLINK_ASSIGN(const std::string in_url, normalised_context_path(parsed.path()));
  if (context_path) {
    ATLINK_ASSIGN(split.context_path, agreed(*context_path, in_url, product));
  } else if (in_url.empty()) {
    split.context_path = product.default_context_path;
  } else {
    const std::string_view known = known_prefix(in_url, product);
    split.context_path = known.empty() ? in_url : std::string(known);
  }
  return split;
}

}  // namespace atlink
