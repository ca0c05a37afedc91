// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/oauth_message.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink::plugins::sandbox {

namespace {

bool is_oauth(std::string_view name) {
  return name.substr(0, 6) == "oauth_";
}

/// Splits encoded form text: OAuth parameters go to the message, the rest is given back as it was.
std::string without_oauth(std::string_view text, bool accepted, OAuthMessage& message) {
  std::string rest;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view piece = text.substr(0, end);
    const FormFields fields = parse_form(piece);
    const bool taken = accepted && !fields.empty() && is_oauth(fields.front().first);
    FormFields& place = taken ? message.parameters : message.others;
    place.insert(place.end(), fields.begin(), fields.end());
    if (!taken) {
      rest += rest.empty() ? "" : "&";
      rest += piece;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rest;
}

void read_header(const ServerRequest& request, OAuthMessage& message) {
  for (const std::string_view value : request.headers.all("Authorization")) {
    for (const auto& field : oauth1::parse_authorization(value).value_or(FormFields{})) {
      if (field.first != "realm") {
        message.parameters.push_back(field);
      }
    }
  }
}

}  // namespace

std::optional<std::string_view> form_of(const ServerRequest& request) {
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  if (!equals_ignoring_case(trim(type.substr(0, type.find(';'))),
                            "application/x-www-form-urlencoded")) {
    return std::nullopt;
  }
  return request.body;
}

OAuthMessage read_message(const Visit& visit, const std::vector<oauth1::Transmission>& accepted) {
  const auto accepts = [&](oauth1::Transmission place) {
    return std::find(accepted.begin(), accepted.end(), place) != accepted.end();
  };
  OAuthMessage message;
  message.method = visit.request.method;
  if (accepts(oauth1::Transmission::header)) {
    read_header(visit.request, message);
  }
  const std::string query =
      without_oauth(visit.query, accepts(oauth1::Transmission::query), message);
  message.url = visit.origin + std::string(visit.path);
  if (!query.empty()) {
    message.url += fmt::format("?{}", query);
  }
  if (const auto form = form_of(visit.request)) {
    message.form_body = without_oauth(*form, accepts(oauth1::Transmission::form), message);
  }
  return message;
}

}  // namespace atlink::plugins::sandbox
