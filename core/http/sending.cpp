// SPDX-License-Identifier: Apache-2.0
#include "core/http/sending.h"

#include "atlink/proxy.h"
#include "atlink/text.h"
#include "core/http/header_rules.h"
#include "core/http/redact.h"
#include "core/http/retry.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace atlink::http {

Sending::Sending(const SendingParts& parts, const SendingRules& rules, Prepared request)
    : parts_(parts),
      rules_(rules),
      request_(std::move(request)),
      proven_(parts.authoriser.proves()),
      started_(parts.platform.clock.steady()) {
  visited_.insert(fmt::format("{} {}", request_.method, request_.url.str()));
}

Result<Classified> Sending::carry_out(ResponseHandler& handler) {
  auto outcome = send_until_final(handler);
  if (!outcome) {
    return fail(without_sent(std::move(outcome).error()));
  }
  if (outcome->error) {
    outcome->error = without_sent(*std::move(outcome->error));
  }
  return outcome;
}

Result<Classified> Sending::send_until_final(ResponseHandler& handler) {
  while (true) {
    ATLINK_ASSIGN(std::optional<Classified> final_answer, attempt(handler));
    if (final_answer) {
      return *std::move(final_answer);
    }
    ATLINK_CHECK(take_next());
  }
}

Result<std::optional<Classified>> Sending::attempt(ResponseHandler& handler) {
  ATLINK_ASSIGN(const auth::Outgoing outgoing, make_outgoing());
  const Question question = this->question();
  const auto is_interim = [this](const HttpResponseHead& head, const Verdict& verdict) {
    next_ = decide(head, verdict);
    return next_.has_value();
  };
  Gate gate(question, handler, is_interim, parts_.platform.clock, rules_.limits.deadline);
  const Status outcome = gate.finish(exchange(outgoing, gate));
  if (rules_.token_call || !outcome || gate.interim() || gate.verdict().error) {
    remember(outgoing);
  }
  if (!outcome) {
    next_ = gate.settled() ? std::nullopt : decide_after_failure(outcome.error());
    if (!next_) {
      return fail(explain(outcome.error()));
    }
    return std::optional<Classified>();
  }
  if (gate.interim()) {
    return std::optional<Classified>();
  }
  Classified classified{gate.answer(), gate.verdict().error};
  if (classified.error) {
    classified.error = explain(*std::move(classified.error));
  }
  return std::optional(std::move(classified));
}

Result<auth::Outgoing> Sending::make_outgoing() {
  auth::Outgoing outgoing{request_.method, request_.url, request_.headers, request_.form};
  if (proven_) {
    timestamp_ = our_seconds() + parts_.correction.load();
    ATLINK_CHECK(parts_.authoriser.authorise(outgoing, timestamp_));
    credential_ = outgoing.credential;
  }
  return outgoing;
}

Question Sending::question() const {
  Question question{request_.method, request_.url, parts_.connection.product, proven_};
  if (credential_) {
    question.method_of_credential = credential_->issued_for.method;
  }
  return question;
}

Status Sending::check_private_way(const Url& url) const {
  const auto& proxies = parts_.connection.options.proxies;
  if ((!proven_ && !rules_.token_call) || url.is_https() || !url.is_loopback() || !proxies) {
    return {};
  }
  const ProxyServer* proxy = proxies->proxy_for(url);
  const auto there = proxy == nullptr
                         ? Result<Url>(url)
                         : Url::parse(fmt::format("http://{}:{}", proxy->host, proxy->port));
  if (there && there->is_loopback()) {
    return {};
  }
  return fail(
      ErrorCode::credential_insecure,
      fmt::format("{} is plain http, and {} ({}) would see the token or password that would "
                  "be sent",
                  url.origin(),
                  proxy->url(),
                  printable(proxy->from, 80)),
      "go without the proxy: --proxy none, or take <-loopback> out of NO_PROXY");
}

Status Sending::exchange(const auth::Outgoing& outgoing, Gate& gate) {
  ATLINK_CHECK(check_private_way(outgoing.url));
  ++attempts_;
  if (request_.body != nullptr && attempts_ > 1 && !request_.body->rewind()) {
    return fail(ErrorCode::file_io, "the body of the request cannot be read a second time");
  }
  const auto form = outgoing.form ? body_from_string(*outgoing.form) : nullptr;
  HttpRequest request{outgoing.method, outgoing.url, outgoing.headers};
  request.body = form ? form.get() : request_.body;
  Exchange exchange{request, gate, parts_.connection.options};
  exchange.deadline = rules_.limits.deadline;
  exchange.idle_deadline = rules_.small_answer ? std::chrono::milliseconds(0) : rules_.limits.idle;
  return parts_.platform.transport.send(exchange);
}

void Sending::remember(const auth::Outgoing& outgoing) {
  sent_.take(outgoing.headers);
  sent_.take(parse_form(outgoing.url.query().value_or("")));
  sent_.take(parse_form(outgoing.form.value_or("")));
}

Error Sending::without_sent(Error error) const {
  return sent_.hide(std::move(error));
}

Status Sending::take_next() {
  Next next = *std::exchange(next_, std::nullopt);
  if (next.failure) {
    return fail(*std::move(next.failure));
  }
  if (next.renew) {
    ATLINK_CHECK(parts_.authoriser.renew(*next.renew));
  }
  if (next.redirect) {
    go_to(*std::move(next.redirect));
  }
  if (next.pause.count() > 0) {
    return parts_.platform.clock.sleep(next.pause);
  }
  return {};
}

void Sending::go_to(Redirect redirect) {
  ++redirects_;
  if (!redirect.url.same_origin(request_.url)) {
    // For good: a stranger must not choose what is signed by leading back.
    proven_ = false;
    request_.headers = headers_for_stranger(request_.headers);
  }
  if (!redirect.keeps_body) {
    request_.form.reset();
    request_.body = nullptr;
    request_.can_rewind = true;
    request_.headers.remove("Content-Type");
    request_.headers.remove("Content-Encoding");
    request_.headers.remove("Content-Language");
    request_.safe_to_repeat = request_.safe_to_repeat || is_idempotent(redirect.method);
  }
  request_.method = std::move(redirect.method);
  request_.url = std::move(redirect.url);
  visited_.insert(fmt::format("{} {}", request_.method, request_.url.str()));
}

Error Sending::explain(Error error) const {
  if (!request_.safe_to_repeat && may_have_been_done(error.code)) {
    error.next =
        fmt::format("the {} may have been carried out: look at {} before you send it again",
                    request_.method,
                    shown_url(request_.url));
  }
  if (error.fact("url").empty()) {
    error = std::move(error).with("method", request_.method).with("url", shown_url(request_.url));
  }
  if (attempts_ > 1) {
    error = std::move(error).with("attempts", std::to_string(attempts_));
  }
  if (!not_repeated_.empty()) {
    error = std::move(error).with("not_repeated", not_repeated_);
  }
  return error;
}

std::int64_t Sending::our_seconds() {
  return std::chrono::floor<std::chrono::seconds>(parts_.platform.clock.now())
      .time_since_epoch()
      .count();
}

}  // namespace atlink::http
