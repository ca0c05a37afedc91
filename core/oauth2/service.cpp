// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth2.h"

#include <fmt/format.h>

#include <algorithm>

namespace atlink::oauth2 {

namespace {

constexpr std::string_view site_id_name = "{site_id}";

/// Scheme, host and port (or more) that a service's path is added to.
Result<std::string> place_of(const Connection& connection, const ServiceEndpoint& service) {
  if (service.setting.empty()) {
    return service.endpoint.relative_to == EndpointPath::RelativeTo::site
               ? std::string(connection.base.site().origin())
               : connection.base.str();
  }
  const auto& settings = connection.product.settings;
  const auto found = std::find_if(settings.begin(), settings.end(), [&](const Setting& each) {
    return each.name == service.setting;
  });
  if (found != settings.end() && !found->fallback.empty()) {
    return found->fallback;
  }
  return fail(make_error(ErrorCode::profile_invalid,
                         fmt::format("nothing says where {} is", printable(service.setting, 60)),
                         fmt::format("atlink profile set NAME --set {}=https://HOST",
                                     printable(service.setting, 60)))
                  .with("setting", printable(service.setting, 60)));
}

Result<std::string> text_of(const Connection& connection, const ServiceEndpoint& service) {
  ATLINK_ASSIGN(std::string text, place_of(connection, service));
  text += service.endpoint.path;
  if (!service.endpoint.query.empty()) {
    text += "?";
    text += to_form(service.endpoint.query);
  }
  return text;
}

bool is_plain(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

}  // namespace

Result<Url> service_url(const Connection& connection, const ServiceEndpoint& service) {
  ATLINK_ASSIGN(const std::string text, text_of(connection, service));
  return Url::parse(text);
}

Result<std::string> gateway_template(const Connection& connection, SignInMethod method) {
  const Product& product = connection.product;
  const bool oauth2 = method == SignInMethod::oauth2 || method == SignInMethod::client_credentials;
  if (oauth2 && product.oauth2 && product.oauth2->gateway) {
    return text_of(connection, *product.oauth2->gateway);
  }
  if (method == SignInMethod::api_token && product.api_token && product.api_token->gateway) {
    return text_of(connection, *product.api_token->gateway);
  }
  return std::string();
}

Result<BaseUrl> gateway_of(const std::string& gateway, std::string_view site_id) {
  if (site_id.empty() || !is_plain(site_id)) {
    return fail(ErrorCode::url_invalid,
                fmt::format("\"{}\" is no id of a site", printable(site_id, 80)),
                "sign in again");
  }
  std::string text = gateway;
  if (const std::size_t at = text.find(site_id_name); at != std::string::npos) {
    text.replace(at, site_id_name.size(), site_id);
  }
  return BaseUrl::parse(text);
}

}  // namespace atlink::oauth2
