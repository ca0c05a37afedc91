// SPDX-License-Identifier: Apache-2.0
#include "core/oauth1/token_call.h"

#include "core/auth/authoriser.h"
#include "core/http/collected.h"
#include "core/http/header_rules.h"
#include "core/http/redact.h"
#include "core/http/retry.h"
#include "core/http/sending.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::oauth1 {

namespace {

Result<http::Prepared> prepare(const Connection& connection, const TokenCall& call) {
  ATLINK_ASSIGN(Url url, connection.base.at(call.endpoint));
  if (!uses_rsa(connection.method) && !url.is_https() && !url.is_loopback()) {
    return fail(ErrorCode::oauth1_insecure,
                fmt::format("{} needs the token's secret, which {} would send over plain http",
                            wire_name(connection.method),
                            url.origin()),
                "use the https URL of the site");
  }
  ATLINK_ASSIGN(Headers headers,
                http::request_headers({{"Accept", "*/*"}}, connection.product, "POST"));
  http::Prepared prepared{"POST", std::move(url), std::move(headers)};
  prepared.safe_to_repeat = call.safe_to_repeat;
  if (connection.transmission == Transmission::form) {
    prepared.form = "";
    prepared.headers.set("Content-Type", "application/x-www-form-urlencoded");
  }
  return prepared;
}

/// Whether the classification knows better than a reader of tokens what this answer is. It does not
/// where it says "anonymous": nobody is signed in yet.
bool is_told(ErrorCode code) {
  switch (code) {
    case ErrorCode::answer_login_page:
    case ErrorCode::answer_captcha:
    case ErrorCode::answer_xsrf:
    case ErrorCode::answer_rate_limited:
      return true;
    default:
      return false;
  }
}

Error explain(Error error, const TokenCall& call, const Url& url) {
  if (!call.safe_to_repeat && http::may_have_been_done(error.code)) {
    error.next = "begin the sign-in again, since the token may have been handed out already";
  }
  if (error.fact("url").empty()) {
    error = std::move(error).with("method", "POST").with("url", http::shown_url(url));
  }
  return error;
}

}  // namespace

Result<TokenAnswer> call_token_endpoint(const Platform& platform,
                                        const Connection& connection,
                                        const TokenCall& call) {
  ATLINK_ASSIGN(http::Prepared prepared, prepare(connection, call));
  const Url url = prepared.url;
  const auth::OAuth1Signer signer(connection, call.token, platform.random, call.extra);
  http::ClockCorrection correction{0};
  http::SendingRules rules;
  rules.small_answer = true;
  rules.token_call = true;
  http::Collected answer;
  http::Sending sending({platform, connection, signer, correction}, rules, std::move(prepared));
  auto classified = sending.carry_out(answer);
  if (!classified) {
    return fail(explain(std::move(classified).error(), call, url));
  }
  if (classified->error && is_told(classified->error->code)) {
    return fail(*std::move(classified->error));
  }
  auto tokens = read_token_answer(classified->head, answer.text());
  if (!tokens) {
    return fail(sending.without_sent(explain(std::move(tokens).error(), call, url)));
  }
  return tokens;
}

}  // namespace atlink::oauth1
