// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/oauth2.h"
#include "core/auth/authoriser.h"
#include "core/http/collected.h"
#include "core/http/header_rules.h"
#include "core/http/sending.h"
#include "core/oauth2/token_call.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::oauth2 {

namespace {

constexpr int most_sites = 1000;

std::vector<Site> read_sites(std::string_view body, const SiteListRule& rule) {
  std::vector<Site> found;
  for (int i = 0; i < most_sites; ++i) {
    const auto at = [&](const std::string& pointer) {
      return json::find_string(body, fmt::format("{}/{}{}", rule.items, i, pointer));
    };
    const auto id = at(rule.id);
    if (!id) {
      break;
    }
    found.push_back({printable(*id, 100),
                     printable(at(rule.name).value_or(""), 100),
                     printable(at(rule.url).value_or(""), 300)});
  }
  return found;
}

/// One small GET beyond the paths that requests may have.
Result<std::string> ask(const Platform& platform,
                        const Connection& connection,
                        const auth::Authoriser& authoriser,
                        const ServiceEndpoint& service) {
  ATLINK_ASSIGN(Url url, service_url(connection, service));
  ATLINK_ASSIGN(Headers headers, http::request_headers({}, connection.product, "GET"));
  http::Prepared prepared{"GET", std::move(url), std::move(headers)};
  prepared.safe_to_repeat = true;
  http::SendingRules sending;
  sending.small_answer = true;
  http::ClockCorrection correction{0};
  http::Collected answer;
  ATLINK_ASSIGN(
      const Classified classified,
      http::Sending({platform, connection, authoriser, correction}, sending, std::move(prepared))
          .carry_out(answer));
  if (classified.error) {
    return fail(*classified.error);
  }
  return answer.take();
}

}  // namespace

Result<std::vector<Site>> sites(const Platform& platform,
                                const Connection& connection,
                                const Credential& credential) {
  ATLINK_ASSIGN(const OAuth2Rules* rules, rules_of(connection));
  if (!rules->sites) {
    return std::vector<Site>();
  }
  const auth::ByCredential authoriser(
      connection, fixed_credential(clone(credential)), platform.random);
  ATLINK_ASSIGN(const std::string answer, ask(platform, connection, authoriser, *rules->sites));
  return read_sites(answer, rules->site_list);
}

Result<std::string> site_id_of(const Platform& platform, const Connection& connection) {
  const auto& rules = connection.product.api_token;
  if (!rules || !rules->site_info) {
    return std::string();
  }
  ATLINK_ASSIGN(const std::string answer,
                ask(platform, connection, auth::Unsigned(), *rules->site_info));
  auto id = json::find_string(answer, rules->site_id);
  if (!id || id->empty()) {
    return fail(ErrorCode::answer_not_understood,
                "the site does not say its id",
                "check that product and base URL of the profile are right");
  }
  return *std::move(id);
}

}  // namespace atlink::oauth2
