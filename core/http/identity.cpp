// SPDX-License-Identifier: Apache-2.0
#include "core/http/identity.h"

#include "atlink/json.h"
#include "atlink/text.h"
#include "core/http/header_rules.h"

#include <algorithm>
#include <optional>

namespace atlink::http {

namespace {

std::optional<std::string> name_in(const IdentityRule& rule,
                                   const HttpResponseHead& head,
                                   std::string_view body) {
  for (const std::string& pointer : rule.json_pointers) {
    if (auto name = json::find_string(body, pointer)) {
      return name;
    }
  }
  if (rule.header.empty()) {
    return std::nullopt;
  }
  const auto value = head.headers.find(rule.header);
  if (!value) {
    return std::nullopt;
  }
  return rule.header_percent_encoded ? percent_decode(*value) : std::string(*value);
}

}  // namespace

Result<Prepared> prepare_identity(const Connection& connection) {
  ATLINK_ASSIGN(Url url, connection.requests_base().at(connection.product.identity->endpoint));
  ATLINK_ASSIGN(Headers headers, request_headers({}, connection.product, "GET"));
  Prepared prepared{"GET", std::move(url), std::move(headers)};
  prepared.safe_to_repeat = true;
  return prepared;
}

Result<std::string> read_identity(const IdentityRule& rule,
                                  const HttpResponseHead& head,
                                  std::string_view body) {
  const auto name = name_in(rule, head, body);
  if (!name) {
    return fail(ErrorCode::answer_not_understood,
                "the answer does not say who is signed in",
                "check that the profile's product and base URL are right");
  }
  const auto& nobody = rule.anonymous_values;
  if (trim(*name).empty() || std::find(nobody.begin(), nobody.end(), *name) != nobody.end()) {
    return fail(ErrorCode::credential_anonymous,
                "the server answered as if nobody had signed in",
                "sign in again; if that does not help, check that the proxy in front of the server "
                "passes the credential on");
  }
  return printable(*name);
}

}  // namespace atlink::http
