// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "plugins/sandbox/oauth_message.h"
#include "plugins/sandbox/resources.h"

#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t longest_body = std::size_t{64} << 10;

json::Value pairs_of(const FormFields& fields) {
  json::Array pairs;
  for (const auto& [name, value] : fields) {
    // Bytes that are no UTF-8 cannot stand in JSON.
    const bool text = is_utf8(name) && is_utf8(value);
    pairs.push_back(text ? json::Array{name, value} : json::Array{nullptr, nullptr});
  }
  return pairs;
}

/// A header's value without what gives access: of Authorization only the scheme stays.
std::string shown(std::string_view name, std::string_view value) {
  const std::size_t space = value.find(' ');
  if (equals_ignoring_case(name, "Authorization") && space != std::string_view::npos) {
    return std::string(value.substr(0, space));
  }
  for (const char* hidden : {"Authorization", "Proxy-Authorization", "Cookie"}) {
    if (equals_ignoring_case(name, hidden)) {
      return "(hidden)";
    }
  }
  return std::string(value);
}

json::Value headers_of(const Headers& headers) {
  FormFields fields;
  for (const auto& [name, value] : headers) {
    fields.emplace_back(name, shown(name, value));
  }
  return pairs_of(fields);
}

}  // namespace

ServerResponse echo(const Visit& visit, const Identity& identity) {
  const ServerRequest& request = visit.request;
  json::Object answer{{"method", request.method},
                      {"target", request.target},
                      {"user", identity.user},
                      {"signed_as", identity.how},
                      {"headers", headers_of(request.headers)},
                      {"query", pairs_of(parse_form(visit.query))},
                      {"body_length", static_cast<std::int64_t>(request.body.size())}};
  if (const auto form = form_of(request)) {
    answer.emplace_back("form", pairs_of(parse_form(*form)));
  }
  if (request.body.size() <= longest_body && is_utf8(request.body)) {
    answer.emplace_back("body", request.body);
  }
  return json_answer(200, answer);
}

}  // namespace atlink::plugins::sandbox
