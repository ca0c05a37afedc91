// SPDX-License-Identifier: Apache-2.0
#include "atlink/product.h"
#include "atlink/text.h"

#include <fmt/format.h>

namespace atlink {

namespace {

/// Whether `path` is `prefix` or lies below it.
bool is_at_or_below(std::string_view path, std::string_view prefix) {
  if (path.substr(0, prefix.size()) != prefix) {
    return false;
  }
  const std::string_view rest = path.substr(prefix.size());
  return rest.empty() || rest.front() == '/' || rest.front() == '?';
}

/// Whether a segment of the path is "." or "..", percent-encoded or not: servers and proxies take
/// those out in ways of their own, so that what arrives is not what was signed.
bool has_dot_segment(std::string_view path) {
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string segment = percent_decode(path.substr(0, end));
    if (segment == "." || segment == "..") {
      return true;
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

Status refuse_dot_segments(std::string_view path) {
  if (has_dot_segment(path)) {
    return fail(ErrorCode::url_invalid,
                fmt::format("the path \"{}\" has a \".\" or \"..\" segment", printable(path, 160)),
                "write the path that is meant, without them");
  }
  return {};
}

bool is_full_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  return colon != std::string_view::npos && colon < text.find_first_of("/?");
}

Status check_context_path(std::string_view path) {
  if (path.empty()) {
    return {};
  }
  if (path.front() != '/' || path.back() == '/' || path.find("//") != std::string_view::npos ||
      path.find('?') != std::string_view::npos) {
    return fail(ErrorCode::url_invalid,
                fmt::format("\"{}\" is no context path", printable(path, 120)),
                "write it like /acme: a slash in front, none at the end");
  }
  return refuse_dot_segments(path);
}

}  // namespace

BaseUrl::BaseUrl(Url site, std::string context_path)
    : site_(std::move(site)),
      context_path_(std::move(context_path)),
      text_(fmt::format("{}{}", site_.origin(), context_path_)) {}

Result<BaseUrl> BaseUrl::make(const Url& site, std::string_view context_path) {
  if (site.target() != "/") {
    return fail(ErrorCode::url_invalid,
                fmt::format("the site {} has a path of its own", printable(site.str(), 160)),
                "give scheme, host and port as site and the rest as context path");
  }
  ATLINK_CHECK(check_context_path(context_path));
  // Reading it as a URL refuses every character that cannot be signed and sent unchanged.
  ATLINK_CHECK(Url::parse(fmt::format("{}{}", site.origin(), context_path)));
  return BaseUrl(site, std::string(context_path));
}

Result<BaseUrl> BaseUrl::parse(std::string_view text) {
  ATLINK_ASSIGN(const Url url, Url::parse(text));
  if (url.query()) {
    return fail(ErrorCode::url_invalid,
                fmt::format("the base URL {} has a query", printable(url.str(), 160)),
                "give the address of the installation alone, without \"?\" and what follows");
  }
  ATLINK_ASSIGN(const Url site, Url::parse(url.origin()));
  std::string_view context_path = url.path();
  while (!context_path.empty() && context_path.back() == '/') {
    context_path.remove_suffix(1);
  }
  return make(site, context_path);
}

Result<Url> BaseUrl::at(const EndpointPath& endpoint) const {
  if (endpoint.path.empty() || endpoint.path.front() != '/') {
    return fail(ErrorCode::url_invalid,
                fmt::format("the endpoint path \"{}\" does not begin with a slash",
                            printable(endpoint.path, 120)));
  }
  const bool below_base = endpoint.relative_to == EndpointPath::RelativeTo::base;
  ATLINK_ASSIGN(const Url url,
                Url::parse(fmt::format(
                    "{}{}", below_base ? std::string_view(text_) : site_.origin(), endpoint.path)));
  return url.with_query(to_form(endpoint.query));
}

Result<Url> BaseUrl::request_url(std::string_view path) const {
  if (is_full_url(path)) {
    return full_url(path);
  }
  if (path.substr(0, 2) == "//") {
    return fail(ErrorCode::url_invalid,
                fmt::format("the path \"{}\" begins with two slashes", printable(path, 160)),
                "begin it with one slash, or give a full URL");
  }
  ATLINK_CHECK(refuse_dot_segments(path));
  const bool slash_missing = path.empty() || path.front() != '/';
  const std::string below = fmt::format("{}{}", slash_missing ? "/" : "", path);
  if (!context_path_.empty() && is_at_or_below(below, context_path_)) {
    const std::string right = below.substr(context_path_.size());
    return fail(ErrorCode::url_context_doubled,
                fmt::format("the path \"{}\" repeats the context path {} of the base URL {}",
                            printable(path, 160),
                            context_path_,
                            text_),
                fmt::format("write {}, or the full URL if the path really has it twice",
                            printable(right.empty() ? "/" : right, 160)));
  }
  return Url::parse(text_ + below);
}

Result<Url> BaseUrl::full_url(std::string_view text) const {
  ATLINK_ASSIGN(Url url, Url::parse(text));
  if (!url.same_origin(site_)) {
    return fail(ErrorCode::url_other_origin,
                fmt::format("{} is not at {}, where the credential belongs",
                            printable(url.origin(), 160),
                            site_.origin()),
                "use a profile for that site");
  }
  ATLINK_CHECK(refuse_dot_segments(url.path()));
  if (!is_at_or_below(url.target(), context_path_)) {
    return fail(
        ErrorCode::url_other_origin,
        fmt::format(
            "{} is outside {}, where the credential belongs", printable(url.str(), 200), text_),
        "use a profile for that part of the site");
  }
  return url;
}

}  // namespace atlink
