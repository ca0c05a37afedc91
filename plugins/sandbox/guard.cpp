// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/guard.h"

#include "atlink/text.h"
#include "plugins/sandbox/signals.h"

#include <algorithm>
#include <string_view>

namespace atlink::plugins::sandbox {

namespace {

/// Whether requests like this one need the header.
bool needs_header(const XsrfRule& rule, const ServerRequest& request) {
  const auto& methods = rule.methods;
  if (std::find(methods.begin(), methods.end(), request.method) == methods.end()) {
    return false;
  }
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  const std::string_view media_type = trim(type.substr(0, type.find(';')));
  return rule.body_types.empty() ||
         std::any_of(rule.body_types.begin(), rule.body_types.end(), [&](const auto& each) {
           return equals_ignoring_case(each, media_type);
         });
}

bool is_from_browser(const ServerRequest& request) {
  return request.headers.find("User-Agent").value_or("").find("Mozilla/") != std::string_view::npos;
}

}  // namespace

std::optional<ServerResponse> refuse_forged(const Product& product, const Visit& visit) {
  if (!product.xsrf) {
    return std::nullopt;
  }
  const XsrfRule& rule = *product.xsrf;
  const ServerRequest& request = visit.request;
  const bool missing = needs_header(rule, request) && request.headers.find(rule.name) != rule.value;
  const bool browser =
      rule.refuses_browsers && changes_something(request.method) && is_from_browser(request);
  if (!missing && !browser) {
    return std::nullopt;
  }
  return signal_answer(product, ResponseSignal::Meaning::xsrf, visit);
}

}  // namespace atlink::plugins::sandbox
