// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/http_server.h"
#include "atlink/json.h"
#include "atlink/product.h"
#include "atlink/text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink::plugins::sandbox {

/// One request and where it stands. Refers to the request and to the options of the site.
struct Visit {
  const ServerRequest& request;
  /// Scheme and host as the visitor named them: "http://127.0.0.1:1234".
  std::string origin;
  /// Origin and context path.
  std::string base_url;
  /// The encoded path on the site, without the query.
  std::string_view path;
  /// The encoded query without "?"; empty for none.
  std::string_view query;
  /// The site's clock, in seconds since 1970.
  std::int64_t now = 0;
  /// "" or "/x/y".
  std::string_view context;
  /// A fault: the pages of lists name themselves as the next.
  bool repeats_pages = false;
};

/// Whether a query has all of these names and values among others.
[[nodiscard]] bool has_all(const FormFields& query, const FormFields& wanted);

/// Whether the visitor asks for that endpoint.
[[nodiscard]] bool is_at(const Visit& visit, const EndpointPath& endpoint);

/// What of `path` follows `front`, if it is `front` or lies below it.
[[nodiscard]] std::optional<std::string_view> below(std::string_view path, std::string_view front);

/// Whether a request may change something.
[[nodiscard]] bool changes_something(std::string_view method);

/// A short plain text.
[[nodiscard]] ServerResponse text_answer(int status, std::string_view text);

/// A JSON document.
[[nodiscard]] ServerResponse json_answer(int status, const json::Value& value);

/// An error in the shape that the product gives its errors: `message` at the first of its pointers,
/// or as "message".
[[nodiscard]] ServerResponse error_answer(const Product& product,
                                          int status,
                                          std::string_view message);

/// The URL of an endpoint as the visitor would name it.
[[nodiscard]] std::string url_at(const Visit& visit, const EndpointPath& endpoint);

/// A redirect to be followed with GET.
[[nodiscard]] ServerResponse redirect_to(std::string_view location);

/// Refuses a method with 405 and names those that are served ("GET, POST").
[[nodiscard]] ServerResponse method_refused(std::string_view allowed);

/// A document that holds only `leaf` at a JSON pointer; "*" stands for the one element of an array.
[[nodiscard]] json::Value value_at(std::string_view pointer, json::Value leaf);

/// Puts `leaf` at a JSON pointer of a document, beside what is there; what is in the way goes. "*"
/// stands for the first element or member, or for the one element of an array.
void put_at(json::Value& document, std::string_view pointer, json::Value leaf);

/// What stands at a JSON pointer without "*"; null where nothing does.
[[nodiscard]] const json::Value* find_at(const json::Value& document, std::string_view pointer);

/// Where the parts of a stand-in site live that no product has, below the base URL.
inline constexpr std::string_view admin_path = "/-/sandbox";

/// The decoded segments of an encoded path: "/a/b%20c" gives "a" and "b c".
[[nodiscard]] std::vector<std::string> segments_of(std::string_view path);

}  // namespace atlink::plugins::sandbox
