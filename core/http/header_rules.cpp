// SPDX-License-Identifier: Apache-2.0
#include "core/http/header_rules.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace atlink::http {

namespace {

using Names = std::vector<std::string_view>;

bool is_one_of(std::string_view name, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view other) {
    return equals_ignoring_case(name, other);
  });
}

/// Made here or by the transport, from what is really sent.
Status check_free(std::string_view name, std::string_view value) {
  ATLINK_CHECK(check_header(name, value));
  if (equals_ignoring_case(name, "Authorization")) {
    return fail(ErrorCode::header_invalid,
                "the header Authorization cannot be set, since the request is signed",
                "leave it out; the profile's credential is used");
  }
  if (is_one_of(name, {"Host", "Content-Length", "Transfer-Encoding"})) {
    return fail(
        ErrorCode::header_invalid,
        fmt::format("the header {} cannot be set, since it follows from what is sent", name),
        "leave it out");
  }
  return {};
}

bool applies(const ExtraHeader& header, std::string_view method) {
  return header.methods.empty() ||
         std::find(header.methods.begin(), header.methods.end(), method) != header.methods.end();
}

void add_missing(Headers& headers, std::string_view name, std::string_view value) {
  if (!headers.find(name)) {
    headers.add(std::string(name), std::string(value));
  }
}

}  // namespace

Result<Headers> request_headers(const Headers& callers,
                                const Product& product,
                                std::string_view method) {
  for (const auto& [name, value] : callers) {
    ATLINK_CHECK(check_free(name, value));
  }
  Headers headers = callers;
  for (const ExtraHeader& extra : product.headers) {
    if (const Status status = check_free(extra.name, extra.value); !status) {
      return fail(ErrorCode::plugin_invalid,
                  fmt::format("product {}: {}", printable(product.id, 60), status.error().message));
    }
    if (applies(extra, method)) {
      add_missing(headers, extra.name, extra.value);
    }
  }
  add_missing(headers, "Accept", "application/json");
  add_missing(headers, "User-Agent", "atlink/" ATLINK_VERSION);
  return headers;
}

Headers headers_for_stranger(const Headers& headers) {
  const Names harmless{"Accept",
                       "Accept-Language",
                       "User-Agent",
                       "Range",
                       "If-Match",
                       "If-None-Match",
                       "If-Modified-Since",
                       "If-Unmodified-Since",
                       "If-Range"};
  Headers kept;
  for (const auto& [name, value] : headers) {
    if (is_one_of(name, harmless)) {
      kept.add(name, value);
    }
  }
  return kept;
}

bool is_form(const Headers& headers) {
  const std::string_view type = headers.find("Content-Type").value_or("");
  return equals_ignoring_case(trim(type.substr(0, type.find(';'))),
                              "application/x-www-form-urlencoded");
}

}  // namespace atlink::http
