// SPDX-License-Identifier: Apache-2.0
#include "core/http/classify.h"

#include "atlink/json.h"
#include "atlink/text.h"
#include "core/http/redact.h"
#include "core/http/redirect.h"
#include "core/http/retry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::http {

namespace {

using Meaning = ResponseSignal::Meaning;

bool is_success(int status) {
  return status >= 200 && status <= 299;
}

/// A header of that name with those texts, compared without case; an empty text fits any value.
bool header_fits(const ResponseSignal& signal, const Headers& headers) {
  if (signal.header.empty()) {
    return true;
  }
  const std::string part = to_lower(signal.header_contains);
  const std::string whole = to_lower(signal.header_is);
  const auto values = headers.all(signal.header);
  return std::any_of(values.begin(), values.end(), [&](std::string_view value) {
    const std::string text = to_lower(value);
    return text.find(part) != std::string::npos && (whole.empty() || text == whole);
  });
}

bool head_fits(const ResponseSignal& signal, const HttpResponseHead& head) {
  const auto& statuses = signal.statuses;
  const bool status_fits =
      statuses.empty() ||
      std::find(statuses.begin(), statuses.end(), head.status) != statuses.end();
  return status_fits && header_fits(signal, head.headers);
}

/// Whether a signal says anything about this question. Nobody is surprised to be nobody who sent no
/// credential.
bool applies(const ResponseSignal& signal, const Question& question) {
  return question.proven || signal.meaning != Meaning::anonymous;
}

struct Words {
  ErrorCode code;
  std::string_view what;
  std::string_view next;
};

Words words_of(Meaning meaning) {
  switch (meaning) {
    case Meaning::login_page:
      return {ErrorCode::answer_login_page,
              "a login page instead of an answer",
              "sign in again; if that does not help, check the base URL and its context path"};
    case Meaning::captcha:
      return {ErrorCode::answer_captcha,
              "the server wants a CAPTCHA solved",
              "log in once in a browser, solve the CAPTCHA there, then try again"};
    case Meaning::anonymous:
      return {ErrorCode::credential_anonymous,
              "the server answered as if nobody had signed in",
              "sign in again; if that does not help, check that the proxy in front of the server "
              "passes the credential on"};
    case Meaning::authentication_failed:
      return {ErrorCode::answer_unauthorized,
              "the server did not accept the credential",
              "sign in again"};
    case Meaning::xsrf:
      return {ErrorCode::answer_xsrf,
              "the server took the request for a cross-site one",
              "do not send a browser's User-Agent, Origin or Referer"};
    case Meaning::rate_limited:
      return {ErrorCode::answer_rate_limited,
              "the server limits the rate of requests",
              "send fewer requests, or wait"};
  }
  return {ErrorCode::internal, "an unknown signal", ""};
}

Words words_of_client_error(int status) {
  switch (status) {
    case 401:
      return {ErrorCode::answer_unauthorized, "the server wants a sign-in", "sign in again"};
    case 403:
      return {ErrorCode::answer_forbidden,
              "the server does not allow it",
              "ask somebody who may give the permission"};
    case 404:
    case 410:
      return {ErrorCode::answer_not_found,
              "the server has no such thing, or does not show it to this user",
              "check the path, and what the user may see"};
    case 409:
    case 412:
      return {ErrorCode::answer_conflict,
              "the thing is not in the state that the request expects",
              "read it again and repeat the change"};
    case 429:
      return words_of(Meaning::rate_limited);
    default:
      return {ErrorCode::answer_invalid, "the server refuses the request as invalid", ""};
  }
}

std::optional<Words> words_of_status(int status) {
  if (status >= 500) {
    return Words{ErrorCode::answer_server_error, "the server failed", "try again later"};
  }
  if (status >= 400) {
    return words_of_client_error(status);
  }
  return std::nullopt;
}

/// A server that looks at client certificates only after the handshake says so in a page of its
/// own.
std::optional<Words> words_of_certificate(int status, std::string_view body) {
  const auto says = [&](std::string_view words) {
    return status == 400 && body.find(words) != std::string_view::npos;
  };
  if (says("No required SSL certificate was sent")) {
    return Words{ErrorCode::client_certificate_wanted,
                 "the server wants a client certificate, and none is set for it",
                 "name it: atlink profile set NAME --client-cert FILE"};
  }
  if (says("The SSL certificate error")) {
    return Words{ErrorCode::client_certificate_refused,
                 "the server does not take the client certificate",
                 "have whoever runs the server say which authority it takes and whether the "
                 "certificate is still good, then: atlink profile set NAME --client-cert FILE"};
  }
  return std::nullopt;
}

/// What the server itself says, by the product's places for messages; empty if nothing.
std::string own_words(const Product& product, std::string_view body) {
  for (const std::string& pointer : product.error_messages) {
    std::string joined;
    for (const std::string& message : json::find_strings(body, pointer)) {
      joined += fmt::format("{}{}", joined.empty() ? "" : "; ", message);
    }
    if (!trim(joined).empty()) {
      return printable(joined);
    }
  }
  return {};
}

Error add_facts(Error error, const Question& question, const HttpResponseHead& head) {
  return std::move(error)
      .with("method", std::string(question.method))
      .with("url", shown_url(question.url))
      .with("status", std::to_string(head.status));
}

/// What the server says of its limits, as far as it says it.
Error add_limits(Error error, const RateLimitRules& rules, const Headers& headers) {
  const std::array<std::pair<const char*, std::string_view>, 5> facts{{
      {"retry_after", "Retry-After"},
      {"limit", rules.limit},
      {"remaining", rules.remaining},
      {"reset", rules.reset},
      {"reason", rules.reason},
  }};
  for (const auto& [name, header] : facts) {
    const auto value = header.empty() ? std::nullopt : headers.find(header);
    if (value) {
      error = std::move(error).with(name, printable(*value, 40));
    }
  }
  return error;
}

Error to_error(const Words& words,
               const Question& question,
               const HttpResponseHead& head,
               std::string_view body) {
  const std::string said = is_success(head.status) ? "" : own_words(question.product, body);
  Error error = make_error(words.code,
                           fmt::format("{} {}: {} ({}){}{}",
                                       question.method,
                                       shown_url(question.url),
                                       words.what,
                                       head.status,
                                       said.empty() ? "" : ": ",
                                       said),
                           std::string(words.next));
  error = add_facts(std::move(error), question, head);
  // What 401 means everybody knows.
  if (head.status != 401 && may_have_expired(question, head.status)) {
    error.next = "the credential may have expired: sign in again; otherwise " + error.next;
  }
  return words.code == ErrorCode::answer_rate_limited
             ? add_limits(std::move(error), question.product.rate_limit, head.headers)
             : error;
}

}  // namespace

bool may_have_expired(const Question& question, int status) {
  if (!question.proven || status == 401) {
    return question.proven;
  }
  const SignInRules* rules = rules_of(question.product, question.method_of_credential);
  return rules != nullptr &&
         std::find(rules->expired_statuses.begin(), rules->expired_statuses.end(), status) !=
             rules->expired_statuses.end();
}

Verdict classify(const Question& question, const HttpResponseHead& head, std::string_view body) {
  Verdict verdict;
  // The body of a success is data, whatever words stand in it.
  const std::string_view problem_body = is_success(head.status) ? std::string_view() : body;
  verdict.problem = oauth1::read_problem(head, problem_body);
  if (verdict.problem) {
    verdict.error = add_facts(oauth1::to_error(*verdict.problem), question, head);
    return verdict;
  }
  for (const ResponseSignal& signal : question.product.signals) {
    const bool body_fits =
        signal.body_contains.empty() || body.find(signal.body_contains) != std::string_view::npos;
    if (applies(signal, question) && head_fits(signal, head) && body_fits) {
      verdict.signal = signal.meaning;
      verdict.error = to_error(words_of(signal.meaning), question, head, body);
      return verdict;
    }
  }
  if (const auto words = words_of_certificate(head.status, body)) {
    verdict.error = to_error(*words, question, head, {});
    return verdict;
  }
  if (const auto words = words_of_status(head.status)) {
    verdict.error = to_error(*words, question, head, body);
  }
  return verdict;
}

bool body_matters(const Question& question, const HttpResponseHead& head) {
  if (!is_success(head.status) && !is_redirect(head.status)) {
    return true;
  }
  const auto& signals = question.product.signals;
  return std::any_of(signals.begin(), signals.end(), [&](const ResponseSignal& signal) {
    return !signal.body_contains.empty() && applies(signal, question) && head_fits(signal, head);
  });
}

}  // namespace atlink::http
