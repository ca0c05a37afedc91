// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/visit.h"

#include "atlink/url.h"

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

bool is_index(std::string_view segment) {
  return !segment.empty() && segment.size() < 3 &&
         segment.find_first_not_of("0123456789") == std::string_view::npos;
}

json::Value wrap(std::string_view segment, json::Value inner) {
  if (segment != "*" && !is_index(segment)) {
    // RFC 6901 section 4.
    std::string name(segment);
    for (const auto& [escape, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
      for (auto at = name.find(escape); at != std::string::npos; at = name.find(escape, at + 1)) {
        name.replace(at, 2, plain);
      }
    }
    return json::Object{{std::move(name), std::move(inner)}};
  }
  const auto before =
      static_cast<std::size_t>(segment == "*" ? 0 : std::stoi(std::string(segment)));
  json::Array elements(before);
  elements.push_back(std::move(inner));
  return elements;
}

ServerResponse with_body(int status, std::string_view type, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", std::string(type)},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(body);
  return response;
}

}  // namespace

ServerResponse text_answer(int status, std::string_view text) {
  return with_body(status, "text/plain;charset=UTF-8", std::string(text));
}

ServerResponse json_answer(int status, const json::Value& value) {
  return with_body(status, "application/json;charset=UTF-8", json::write(value));
}

ServerResponse error_answer(const Product& product, int status, std::string_view message) {
  const std::string pointer =
      product.error_messages.empty() ? "/message" : product.error_messages.front();
  return json_answer(status, value_at(pointer, message));
}

ServerResponse redirect_to(std::string_view location) {
  ServerResponse response = text_answer(303, "");
  response.headers.set("Location", std::string(location));
  return response;
}

ServerResponse method_refused(std::string_view allowed) {
  ServerResponse response = text_answer(405, "this method is not served here\n");
  response.headers.set("Allow", std::string(allowed));
  return response;
}

json::Value value_at(std::string_view pointer, json::Value leaf) {
  while (!pointer.empty()) {
    const std::size_t slash = pointer.rfind('/');
    const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    leaf = wrap(pointer.substr(begin), std::move(leaf));
    pointer = pointer.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  return leaf;
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  if (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
  }
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(percent_decode(path.substr(0, end)));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

}  // namespace atlink::plugins::sandbox
