// SPDX-License-Identifier: Apache-2.0
// Sign-ins with OAuth 1.0a.
#include "atlink/client.h"
#include "atlink/interaction.h"
#include "atlink/text.h"
#include "cli/callback_page.h"
#include "cli/session.h"
#include "cli/settings.h"
#include "cli/sign_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace atlink::cli {

namespace {

constexpr std::int64_t highest_port = 65535;
constexpr std::int64_t longest_timeout = 86400;

Dance dance_of(const Call& call, const Session& session) {
  return {call.app.platform, session.connection, session.issued_for};
}

// Everything that would make the answer worthless, found out before the server is asked.
Status check_ready(Session& session) {
  const auto known = session.store->load(session.profile);
  if (known && known->has_value() && (*known)->read_only) {
    return fail(ErrorCode::credential_read_only,
                "the environment gives a credential, and a new one would never be used",
                "unset ATLINK_OAUTH_TOKEN and ATLINK_OAUTH_TOKEN_SECRET");
  }
  return session.store->check_writable(session.profile);
}

// The verifier in what came back, which must belong to this sign-in.
Result<std::string> verifier_in(const FormFields& fields, const PendingLogin& pending) {
  if (form_value(fields, "oauth_problem")) {
    if (const auto problem = oauth1::read_problem({}, to_form(fields))) {
      return fail(oauth1::to_error(*problem));
    }
  }
  if (form_value(fields, "oauth_token") != pending.request_token) {
    return fail(ErrorCode::login_wrong_answer,
                "the answer of the browser belongs to another sign-in",
                "use the address that this sign-in printed");
  }
  const auto verifier = form_value(fields, "oauth_verifier");
  if (!verifier || verifier->empty()) {
    return fail(ErrorCode::login_wrong_answer, "the answer of the browser holds no verifier");
  }
  return std::string(*verifier);
}

// A person may paste the address at which the browser ended instead of the code in it.
Result<std::string> pasted_verifier(std::string_view text, const PendingLogin& pending) {
  text = trim(text);
  const bool is_code =
      text.find("oauth_") == std::string_view::npos && text.find("://") == std::string_view::npos;
  if (is_code) {
    return std::string(text);
  }
  const std::size_t question = text.find('?');
  const FormFields fields =
      parse_form(question == std::string_view::npos ? text : text.substr(question + 1));
  if (!form_value(fields, "oauth_verifier") && !form_value(fields, "oauth_problem")) {
    return fail(ErrorCode::login_wrong_answer,
                "what is given holds no verifier",
                "give the whole address at which the browser ended, in quotes: a shell cuts it at "
                "its first &; or the code that the page shows");
  }
  return verifier_in(fields, pending);
}

// Nothing can come of these temporary credentials any more. "Rejected" is not among these: servers
// say that to a mistyped code as well.
bool is_final(ErrorCode code) {
  constexpr std::array final_codes{ErrorCode::login_denied,
                                   ErrorCode::login_expired,
                                   ErrorCode::oauth1_token_expired,
                                   ErrorCode::oauth1_token_used,
                                   ErrorCode::oauth1_token_revoked,
                                   ErrorCode::oauth1_permission_denied};
  return std::find(final_codes.begin(), final_codes.end(), code) != final_codes.end();
}

Result<Credential> exchange(const Call& call,
                            Session& session,
                            const PendingLogin& pending,
                            const Result<std::string>& verifier) {
  Result<Credential> credential = verifier ? dance_of(call, session).finish(pending, *verifier)
                                           : Result<Credential>(fail(verifier.error()));
  if (!credential && is_final(credential.error().code)) {
    // What went wrong matters more than a leftover that has expired anyway.
    static_cast<void>(session.store->erase_pending(session.profile));
  }
  if (!credential && credential.error().code == ErrorCode::oauth1_token_rejected) {
    Error error = std::move(credential).error();
    error.next = fmt::format(
        "if the code was mistyped (capital and small letters count), give it again: atlink login "
        "--profile {0} --verifier CODE; otherwise start over: atlink login --profile {0}",
        session.profile);
    return fail(std::move(error));
  }
  return credential;
}

// `user` is told who has signed in, where somebody wants to know.
Status finish(Call& call,
              Session& session,
              const PendingLogin& pending,
              const Result<std::string>& verifier,
              std::string* user = nullptr) {
  ATLINK_ASSIGN(Credential credential, exchange(call, session, pending, verifier));
  return keep_credential(call, session, std::move(credential), false, user);
}

Status begin_only(Call& call, Session& session) {
  Dance dance = dance_of(call, session);
  ATLINK_ASSIGN(const PendingLogin pending, dance.begin("oob"));
  ATLINK_ASSIGN(const Url url, dance.authorize_url(pending));
  ATLINK_CHECK(session.store->save_pending(session.profile, pending));
  return report_begun(
      call,
      session,
      pending,
      url,
      fmt::format(
          "open this, allow access, then: atlink login --profile {} --verifier CODE (before {})",
          session.profile,
          to_rfc3339(pending.expires_at)));
}

Status finish_begun(Call& call, Session& session, const std::string& text) {
  ATLINK_ASSIGN(const std::optional<PendingLogin> pending,
                session.store->load_pending(session.profile));
  if (!pending) {
    return fail(ErrorCode::login_not_begun,
                fmt::format("profile {} has no sign-in to finish", session.profile),
                fmt::format("atlink login --profile {} --begin", session.profile));
  }
  return finish(call, session, *pending, pasted_verifier(text, *pending));
}

// What the browser brings back to the loopback address. The sign-in is finished while the browser
// waits, so that its page can say how it ended.
class BrowserAnswer final : public CallbackListener::Judge {
 public:
  BrowserAnswer(Call& call, Session& session, const PendingLogin& pending)
      : call_(call), session_(session), pending_(pending), base_url_(session.issued_for.base_url) {}

  // Only an answer to this sign-in ends it: an old tab could otherwise end it for us. A problem may
  // come without a token.
  [[nodiscard]] bool accepts(const FormFields& fields) const override {
    const auto token = form_value(fields, "oauth_token");
    return token ? *token == pending_.request_token
                 : form_value(fields, "oauth_problem").has_value();
  }

  [[nodiscard]] CallbackListener::Page page(const FormFields& fields) override {
    outcome = finish(call_, session_, pending_, verifier_in(fields, pending_), &user_);
    return page_after(outcome, session_.profile, base_url_, user_);
  }

  Status outcome;

 private:
  Call& call_;
  Session& session_;
  const PendingLogin& pending_;
  std::string base_url_;
  std::string user_;
};

Result<std::chrono::milliseconds> patience(const Call& call, const PendingLogin& pending) {
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(pending.expires_at -
                                                                     call.app.platform.clock.now());
  ATLINK_ASSIGN(const std::int64_t seconds,
                call.arguments.integer(
                    "--timeout", 1, longest_timeout, std::max<std::int64_t>(left.count(), 1)));
  return std::chrono::seconds(seconds);
}

// The answer that the browser brings to where `listener` listens.
Status finish_by_callback(Call& call,
                          Session& session,
                          const PendingLogin& pending,
                          CallbackListener& listener) {
  ATLINK_ASSIGN(const std::chrono::milliseconds wait_for, patience(call, pending));
  BrowserAnswer judge(call, session, pending);
  ATLINK_CHECK(wait_for_browser(call, session, pending, listener, judge, wait_for));
  return std::move(judge.outcome);
}

Status with_browser(Call& call, Session& session) {
  ATLINK_ASSIGN(const std::int64_t port, call.arguments.integer("--port", 0, highest_port, 0));
  ATLINK_ASSIGN(const auto listener,
                listen_for_callback(call.app.platform.random, static_cast<std::uint16_t>(port)));
  Dance dance = dance_of(call, session);
  ATLINK_ASSIGN(const PendingLogin pending, dance.begin(listener->callback_url()));
  ATLINK_ASSIGN(const Url url, dance.authorize_url(pending));
  // Kept, so that a sign-in that is interrupted here can still be finished with --verifier.
  ATLINK_CHECK(session.store->save_pending(session.profile, pending));
  show_url(call, session, pending, url);
  return finish_by_callback(call, session, pending, *listener);
}

Status finish_by_code(Call& call, Session& session, const PendingLogin& pending) {
  if (!may_ask(call)) {
    return fail(ErrorCode::no_terminal,
                "the sign-in is pending, and somebody has to give the code that the browser shows",
                fmt::format("atlink login --profile {} --verifier CODE (or the whole address at "
                            "which the browser ended)",
                            session.profile));
  }
  ATLINK_ASSIGN(const std::string text,
                call.app.platform.terminal.ask(
                    "Code that the browser shows, or the address at which it ended: "));
  return finish(call, session, pending, pasted_verifier(text, pending));
}

// A browser is not opened: where the person has already allowed access, the page that found nobody
// listening only has to be loaded again.
Status resume(Call& call, Session& session) {
  ATLINK_ASSIGN(const PendingLogin pending, pending_login(call, session));
  ATLINK_ASSIGN(const Url url, dance_of(call, session).authorize_url(pending));
  // Listened for before anybody is sent there.
  const bool by_code = pending.callback == "oob";
  const auto listener = by_code ? Result<std::unique_ptr<CallbackListener>>(nullptr)
                                : listen_for_callback(pending.callback);
  call.report.note(fmt::format("the sign-in that was begun at {} is pending until {}",
                               to_rfc3339(pending.begun_at),
                               to_rfc3339(pending.expires_at)));
  call.report.note("allow access at this address, if that has not been done yet:");
  call.report.hand_over("url", url.str());
  if (!listener) {
    call.report.warn(
        fmt::format("the browser's answer cannot be waited for: {}", listener.error().message));
  }
  if (by_code || !listener) {
    return finish_by_code(call, session, pending);
  }
  call.report.note("if it has, load the page again at which the browser ended");
  return finish_by_callback(call, session, pending, **listener);
}

Status no_login_needed(Call& call, const Session& session) {
  if (call.report.json()) {
    return report_credential(call, session, Credential());
  }
  call.report.note(
      fmt::format("profile {} signs as the consumer alone and needs no login", session.profile));
  return {};
}

}  // namespace

Status login_with_signature(Call& call, Session& session) {
  if (session.two_legged) {
    return no_login_needed(call, session);
  }
  ATLINK_CHECK(check_ready(session));
  if (call.arguments.has("--begin")) {
    return begin_only(call, session);
  }
  if (const auto verifier = call.arguments.value("--verifier")) {
    return finish_begun(call, session, *verifier);
  }
  const bool go_on = call.arguments.has("--resume");
  return call.app.surroundings.until_signalled(
      [&] { return go_on ? resume(call, session) : with_browser(call, session); },
      [] { interrupt_waiting(); });
}

}  // namespace atlink::cli
