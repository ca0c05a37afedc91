// SPDX-License-Identifier: Apache-2.0
// What comes after an attempt.
#include "atlink/text.h"
#include "core/http/redact.h"
#include "core/http/retry.h"
#include "core/http/sending.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::http {

namespace {

using Meaning = ResponseSignal::Meaning;

/// Closer than this the clocks agree, and signing again would change nothing.
constexpr std::int64_t seconds_that_agree = 2;

/// Times that a server may name: 1970 to 9999.
bool is_sensible(std::int64_t seconds) {
  return seconds >= 0 && seconds <= std::int64_t{253402300799};
}

/// A redirect that such a signal fits is the answer: where it leads there is only more of it.
bool ends_redirects(std::optional<Meaning> signal) {
  return signal == Meaning::login_page || signal == Meaning::captcha ||
         signal == Meaning::authentication_failed;
}

}  // namespace

std::optional<Sending::Next> Sending::decide(const HttpResponseHead& head, const Verdict& verdict) {
  if (is_redirect(head.status)) {
    return decide_redirect(head, verdict);
  }
  return decide_repeat(head, verdict);
}

std::optional<Sending::Next> Sending::decide_redirect(const HttpResponseHead& head,
                                                      const Verdict& verdict) {
  if (!request_.follow_redirects || ends_redirects(verdict.signal) || verdict.problem) {
    return std::nullopt;
  }
  Next next;
  auto redirect = follow(head, request_.url, request_.method);
  const Status fine = redirect ? check_redirect(*redirect) : fail(redirect.error());
  if (fine) {
    next.redirect = *std::move(redirect);
  } else {
    next.failure = explain(fine.error());
  }
  return next;
}

Status Sending::check_redirect(const Redirect& redirect) const {
  const std::string from = shown_url(request_.url);
  const std::string to = shown_url(redirect.url);
  const bool away = !redirect.url.same_origin(request_.url);
  const bool reads = redirect.method == "GET" || redirect.method == "HEAD";
  if (redirects_ >= rules_.limits.redirects) {
    return refuse_redirect(fmt::format(
        "more than {} redirects, the last from {} to {}", rules_.limits.redirects, from, to));
  }
  if (visited_.contains(fmt::format("{} {}", redirect.method, redirect.url.str()))) {
    return refuse_redirect(
        fmt::format("the redirects go round in a circle: {} leads back to {}", from, to),
        "check the base URL; such circles often mean that a login is wanted");
  }
  if (rules_.token_call && (away || redirect.method != request_.method)) {
    return refuse_redirect(fmt::format("{} redirects to {} instead of answering", from, to),
                           "check the base URL, its scheme and its context path");
  }
  if (away && (!reads || (redirect.keeps_body && has_body()))) {
    return refuse_redirect(
        fmt::format("{} redirects a {} to another place, {}", from, request_.method, to),
        "check the base URL; what you send goes to the profile's site only");
  }
  if (redirect.keeps_body && !request_.can_rewind) {
    return refuse_redirect(
        fmt::format("{} redirects to {}, and the body cannot be read a second time", from, to),
        "send it from a file, or straight to where the redirect leads");
  }
  return {};
}

std::optional<Sending::Next> Sending::decide_repeat(const HttpResponseHead& head,
                                                    const Verdict& verdict) {
  if (may_renew(head, verdict)) {
    renewed_ = true;
    Next next;
    next.renew = credential_;
    return next;
  }
  if (verdict.signal == Meaning::captcha) {
    // Each further try makes it worse.
    return std::nullopt;
  }
  const bool refused_clock =
      verdict.problem && verdict.problem->code == ErrorCode::oauth1_timestamp_refused;
  const bool refused_nonce =
      verdict.problem && verdict.problem->code == ErrorCode::oauth1_nonce_used;
  // These three are certain not to have been carried out, whatever the method.
  const bool limited = head.status == 429;
  const bool busy =
      request_.safe_to_repeat && (head.status == 503 || verdict.signal == Meaning::rate_limited);
  if (!refused_clock && !refused_nonce && !limited && !busy) {
    return std::nullopt;
  }
  if (!request_.can_rewind) {
    not_repeated_ = "the body cannot be read a second time";
    return std::nullopt;
  }
  if (refused_clock) {
    return learn_clock(head, *verdict.problem) ? std::optional(Next()) : std::nullopt;
  }
  if (refused_nonce) {
    return std::exchange(nonce_replaced_, true) ? std::nullopt : std::optional(Next());
  }
  const TimePoint now = parts_.platform.clock.now();
  const bool rate = limited || verdict.signal == Meaning::rate_limited;
  return pause_for(rate ? limit_ends(head, parts_.connection.product.rate_limit, now)
                        : retry_after(head, now));
}

bool Sending::may_renew(const HttpResponseHead& head, const Verdict& verdict) const {
  const bool unknown =
      verdict.signal == Meaning::authentication_failed || verdict.signal == Meaning::anonymous;
  const bool refused = unknown || may_have_expired(question(), head.status);
  const bool possible = proven_ && credential_ && !renewed_ && refused &&
                        verdict.signal != Meaning::captcha && request_.can_rewind;
  if (!possible) {
    return false;
  }
  if (verdict.problem && verdict.problem->code == ErrorCode::oauth1_token_rejected) {
    // What a server says to who comes late with a token that another process has just renewed.
    return parts_.authoriser.has_newer(*credential_);
  }
  // OAuth 1.0a has a word for it; every other problem has another remedy.
  const bool other_problem =
      verdict.problem && verdict.problem->code != ErrorCode::oauth1_token_expired;
  return !other_problem && parts_.authoriser.can_renew(*credential_);
}

bool Sending::learn_clock(const HttpResponseHead& head, const oauth1::Problem& problem) {
  std::optional<std::int64_t> server = problem.server_time;
  if (!server) {
    if (const auto date = from_http_date(head.headers.find("Date").value_or(""))) {
      server = std::chrono::floor<std::chrono::seconds>(*date).time_since_epoch().count();
    }
  }
  if (clock_corrected_ || !server || !is_sensible(*server)) {
    return false;
  }
  const std::int64_t ahead = *server - timestamp_;
  if (ahead >= -seconds_that_agree && ahead <= seconds_that_agree) {
    return false;
  }
  clock_corrected_ = true;
  parts_.correction.store(*server - our_seconds());
  return true;
}

std::optional<Sending::Next> Sending::decide_after_failure(const Error& error) {
  if (!may_pass(error.code) || !request_.safe_to_repeat) {
    return std::nullopt;
  }
  if (!request_.can_rewind) {
    not_repeated_ = "the body cannot be read a second time";
    return std::nullopt;
  }
  return pause_for(std::nullopt);
}

std::optional<Sending::Next> Sending::pause_for(std::optional<std::chrono::milliseconds> asked) {
  if (repeats_ + 1 >= rules_.retry.attempts) {
    return std::nullopt;
  }
  const auto pause = pause_before(repeats_ + 1, rules_.retry, asked, parts_.platform.random);
  Next next;
  if (!pause) {
    next.failure = pause.error();
    return next;
  }
  const auto spent = parts_.platform.clock.steady() - started_;
  if (spent + *pause > rules_.retry.total) {
    not_repeated_ =
        fmt::format("the time for repeating is over ({} s)",
                    std::chrono::duration_cast<std::chrono::seconds>(rules_.retry.total).count());
    return std::nullopt;
  }
  ++repeats_;
  next.pause = *pause;
  return next;
}

}  // namespace atlink::http
