// SPDX-License-Identifier: Apache-2.0
// Sign-ins with OAuth 2.0.
#include "atlink/interaction.h"
#include "atlink/oauth2.h"
#include "atlink/text.h"
#include "cli/callback_page.h"
#include "cli/private_key.h"
#include "cli/sign_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

constexpr std::int64_t highest_port = 65535;
constexpr std::int64_t longest_timeout = 86400;

oauth2::CodeFlow flow_of(const Call& call, const Session& session) {
  return {call.app.platform, session.connection, session.issued_for};
}

const OAuth2Rules& rules_of(const Session& session) {
  return *session.connection.product.oauth2;
}

// A secret that this run was given, and what was kept in its place.
struct GivenSecret {
  bool given = false;
  std::optional<CredentialStore::ConsumerSecret> before;
};

// The client's secret, where the server wants one and nothing gives it yet. What is typed or read
// here is kept for renewals, and for the second half of a sign-in.
Result<GivenSecret> complete_client(const Call& call, Session& session) {
  ClientRegistration& client = session.connection.registration;
  const auto file = call.arguments.value("--secret-file");
  if (!file && (!client.secret.empty() || !rules_of(session).client_secret)) {
    return GivenSecret();
  }
  if (file) {
    ATLINK_ASSIGN(client.secret, read_secret_line(call, "--secret-file", *file));
  } else if (may_ask(call)) {
    ATLINK_ASSIGN(client.secret,
                  call.app.platform.terminal.ask_secret(
                      fmt::format("secret of client {}: ", printable(client.id, 80))));
  }
  if (client.secret.empty()) {
    return fail(ErrorCode::consumer_missing,
                fmt::format("client {} has no secret", printable(client.id, 80)),
                "give --secret-file FILE, or set ATLINK_CLIENT_SECRET");
  }
  ATLINK_ASSIGN(const Place place, open_place(call));
  ATLINK_ASSIGN(const IssuedFor belongs, client_issued_for(place));
  GivenSecret secret{true, std::nullopt};
  ATLINK_ASSIGN(secret.before, session.store->load_consumer(session.profile));
  ATLINK_CHECK(session.store->save_consumer(session.profile, {belongs, client.secret.clone()}));
  return secret;
}

// One that the server has just refused is not kept: nothing would ask for the right one again.
Status without_wrong_secret(Session& session, const GivenSecret& secret, Status outcome) {
  if (outcome || !secret.given || outcome.error().code != ErrorCode::oauth2_invalid_client) {
    return outcome;
  }
  // The environment's own belongs to no place.
  const bool kept = secret.before && !secret.before->issued_for.base_url.empty();
  ATLINK_CHECK(kept ? session.store->save_consumer(session.profile, *secret.before)
                    : session.store->erase_consumer(session.profile));
  return outcome;
}

Status check_client(const Session& session) {
  if (!session.connection.registration.id.empty()) {
    return {};
  }
  return fail(ErrorCode::consumer_missing,
              fmt::format("profile {} has no client id", session.profile),
              fmt::format("atlink profile set {} --client-id ID (the one that is registered), or "
                          "set ATLINK_CLIENT_ID",
                          session.profile));
}

Result<GivenSecret> check_ready(const Call& call, Session& session) {
  ATLINK_CHECK(check_client(session));
  const auto known = session.store->load(session.profile);
  if (known && known->has_value() && (*known)->read_only) {
    return fail(ErrorCode::credential_read_only,
                "the environment gives a credential, and a new one would never be used",
                "unset ATLINK_TOKEN");
  }
  ATLINK_CHECK(session.store->check_writable(session.profile));
  return complete_client(call, session);
}

// A redirect URI without port, or none at all, leaves the port to us where the server does.
bool any_port(const Session& session, const Url& redirect) {
  return rules_of(session).redirect_port == OAuth2Rules::RedirectPort::any && redirect.port() == 80;
}

// Servers compare the text letter for letter, so that none may be changed.
struct Redirect {
  std::string text;
  Url url;
};

Result<Redirect> redirect_at(std::string text) {
  ATLINK_ASSIGN(Url url, Url::parse(text));
  return Redirect{std::move(text), std::move(url)};
}

Result<Redirect> redirect_of(const Call& call, const Session& session) {
  const std::string& registered = session.connection.registration.redirect_uri;
  if (!registered.empty()) {
    return redirect_at(registered);
  }
  const OAuth2Rules& rules = rules_of(session);
  const std::string& host = rules.redirect_hosts.front();
  ATLINK_ASSIGN(const std::int64_t port, call.arguments.integer("--port", 0, highest_port, 0));
  const bool fixed = rules.redirect_port == OAuth2Rules::RedirectPort::fixed;
  if (fixed && (port == 0 || rules.redirect_on_refresh)) {
    return fail(
        ErrorCode::usage,
        fmt::format("{} compares the redirect URI with what is registered, port and all{}",
                    session.connection.product.id,
                    rules.redirect_on_refresh ? ", and wants it again at each renewal" : ""),
        fmt::format("atlink profile set {} --redirect-uri http://{}:{}/callback, as it is "
                    "registered",
                    session.profile,
                    host,
                    port == 0 ? "PORT" : std::to_string(port)));
  }
  return redirect_at(port == 0 ? fmt::format("http://{}/callback", host)
                               : fmt::format("http://{}:{}/callback", host, port));
}

// `user` is told who has signed in, where somebody wants to know.
Status finish(Call& call,
              Session& session,
              const PendingLogin& pending,
              const Result<std::string>& code,
              std::string* user = nullptr) {
  if (!code) {
    const ErrorCode why = code.error().code;
    if (why != ErrorCode::login_wrong_answer) {
      // The server has said what it makes of this sign-in: nothing can come of it any more.
      static_cast<void>(session.store->erase_pending(session.profile));
    }
    return fail(code.error());
  }
  ATLINK_ASSIGN(Credential credential, flow_of(call, session).finish(pending, *code));
  if (!session.issued_for.gateway.empty()) {
    ATLINK_ASSIGN(credential.site_id, find_site(call, session.connection, credential));
  }
  return keep_credential(call, session, std::move(credential), false, user);
}

// The whole address at which the browser ended, its query, or the code in it.
Result<std::string> pasted_code(const oauth2::CodeFlow& flow,
                                std::string_view text,
                                const PendingLogin& pending) {
  text = trim(text);
  const bool is_address = text.find("://") != std::string_view::npos;
  const std::size_t question = text.find('?');
  std::string_view query = question == std::string_view::npos ? text : text.substr(question + 1);
  query = query.substr(0, query.find('#'));
  const FormFields fields = parse_form(query);
  const bool is_answer = form_value(fields, "code") || form_value(fields, "error");
  if (is_answer && (question != std::string_view::npos || form_value(fields, "state"))) {
    return flow.code_in(fields, pending);
  }
  if (text.empty() || is_address || question != std::string_view::npos) {
    return fail(ErrorCode::login_wrong_answer,
                text.empty() ? "no code is given" : "what is given holds no code",
                "give the whole address at which the browser ended, in quotes");
  }
  return std::string(text);
}

Status finish_begun(Call& call, Session& session, const std::string& text) {
  ATLINK_ASSIGN(const std::optional<PendingLogin> pending,
                session.store->load_pending(session.profile));
  if (!pending || pending->issued_for.method != SignInMethod::oauth2) {
    return fail(ErrorCode::login_not_begun,
                fmt::format("profile {} has no sign-in to finish", session.profile),
                fmt::format("atlink login --profile {} --begin", session.profile));
  }
  const oauth2::CodeFlow flow = flow_of(call, session);
  return finish(call, session, *pending, pasted_code(flow, text, *pending));
}

Status begin_only(Call& call, Session& session) {
  ATLINK_ASSIGN(const Redirect redirect, redirect_of(call, session));
  oauth2::CodeFlow flow = flow_of(call, session);
  ATLINK_ASSIGN(const PendingLogin pending, flow.begin(redirect.text));
  ATLINK_ASSIGN(const Url url, flow.authorize_url(pending));
  ATLINK_CHECK(session.store->save_pending(session.profile, pending));
  return report_begun(
      call,
      session,
      pending,
      url,
      fmt::format("open this and allow access; the browser then ends at an address that begins "
                  "with {} and may "
                  "show an error: atlink login --profile {} --verifier 'THAT ADDRESS' (before {})",
                  redirect.text,
                  session.profile,
                  to_rfc3339(pending.expires_at)));
}

// What the browser brings back. The sign-in is finished while the browser waits, so that its page
// can say how it ended.
class BrowserAnswer final : public CallbackListener::Judge {
 public:
  BrowserAnswer(Call& call,
                Session& session,
                const oauth2::CodeFlow& flow,
                const PendingLogin& pending)
      : call_(call),
        session_(session),
        flow_(flow),
        pending_(pending),
        base_url_(session.issued_for.base_url) {}

  // Only an answer to this sign-in ends it: others could otherwise end it for us.
  [[nodiscard]] bool accepts(const FormFields& fields) const override {
    return form_value(fields, "state") == pending_.request_token;
  }

  [[nodiscard]] CallbackListener::Page page(const FormFields& fields) override {
    outcome = finish(call_, session_, pending_, flow_.code_in(fields, pending_), &user_);
    return page_after(outcome, session_.profile, base_url_, user_);
  }

  Status outcome;

 private:
  Call& call_;
  Session& session_;
  const oauth2::CodeFlow& flow_;
  const PendingLogin& pending_;
  std::string base_url_;
  std::string user_;
};

Status finish_by_callback(Call& call,
                          Session& session,
                          const PendingLogin& pending,
                          CallbackListener& listener,
                          std::int64_t seconds) {
  const oauth2::CodeFlow flow = flow_of(call, session);
  BrowserAnswer judge(call, session, flow, pending);
  Status waited =
      wait_for_browser(call, session, pending, listener, judge, std::chrono::seconds(seconds));
  if (waited) {
    return std::move(judge.outcome);
  }
  Error error = std::move(waited).error();
  if (error.code == ErrorCode::login_expired) {
    // A server that does not know where to send the browser tells the person alone.
    error.next += fmt::format(
        "; if the page says that it does not know client or redirect URI, compare them "
        "with what is registered: atlink profile set {} --client-id ID --redirect-uri "
        "URI",
        session.profile);
  }
  return fail(std::move(error));
}

Result<std::unique_ptr<CallbackListener>> listen_for(const Session& session,
                                                     const Redirect& redirect) {
  const bool any = any_port(session, redirect.url);
  auto listener = listen_at(redirect.url, any);
  if (listener || any || listener.error().next.find("--begin") != std::string::npos) {
    return listener;
  }
  Error error = std::move(listener).error();
  error.next = fmt::format(
      "end the program that uses the port, or sign in without it: atlink login --profile {} "
      "--begin",
      session.profile);
  return fail(std::move(error));
}

Status with_browser(Call& call, Session& session) {
  ATLINK_ASSIGN(const Redirect redirect, redirect_of(call, session));
  ATLINK_ASSIGN(const auto listener, listen_for(session, redirect));
  oauth2::CodeFlow flow = flow_of(call, session);
  ATLINK_ASSIGN(
      const PendingLogin pending,
      flow.begin(any_port(session, redirect.url) ? listener->callback_url() : redirect.text));
  ATLINK_ASSIGN(const Url url, flow.authorize_url(pending));
  // Kept, so that a sign-in that is interrupted here can still be finished with --verifier.
  ATLINK_CHECK(session.store->save_pending(session.profile, pending));
  ATLINK_ASSIGN(const std::int64_t seconds,
                call.arguments.integer("--timeout", 1, longest_timeout, 900));
  show_url(call, session, pending, url);
  return finish_by_callback(call, session, pending, *listener, seconds);
}

// The same state and code verifier, and the same address for the browser to come back to.
Status resume(Call& call, Session& session) {
  ATLINK_ASSIGN(const PendingLogin pending, pending_login(call, session));
  ATLINK_ASSIGN(const std::int64_t seconds,
                call.arguments.integer("--timeout", 1, longest_timeout, 900));
  ATLINK_ASSIGN(const Url redirect, Url::parse(pending.callback));
  auto listener = listen_at(redirect, false);
  if (!listener) {
    Error error = std::move(listener).error();
    error.next = fmt::format(
        "open the address again and give the one at which the browser ends: atlink login --profile "
        "{} --verifier ADDRESS",
        session.profile);
    return fail(std::move(error));
  }
  const oauth2::CodeFlow flow = flow_of(call, session);
  ATLINK_ASSIGN(const Url url, flow.authorize_url(pending));
  call.report.note(fmt::format("the sign-in that was begun at {} is pending until {}",
                               to_rfc3339(pending.begun_at),
                               to_rfc3339(pending.expires_at)));
  show_url(call, session, pending, url);
  return finish_by_callback(call, session, pending, **listener, seconds);
}

Status by_code(Call& call, Session& session) {
  if (const auto verifier = call.arguments.value("--verifier")) {
    // The rest was agreed to when it was begun, and is compared with that.
    ATLINK_ASSIGN(const std::vector<std::string> unbound, unbound_addresses_of(session));
    ATLINK_CHECK(agree_to_origins(call, session, unbound));
    return finish_begun(call, session, *verifier);
  }
  ATLINK_ASSIGN(const std::vector<std::string> addresses, addresses_of(session));
  ATLINK_CHECK(agree_to_origins(call, session, addresses));
  if (call.arguments.has("--begin")) {
    return begin_only(call, session);
  }
  const bool go_on = call.arguments.has("--resume");
  return call.app.surroundings.until_signalled(
      [&] { return go_on ? resume(call, session) : with_browser(call, session); },
      [] { interrupt_waiting(); });
}

}  // namespace

Status login_as_client(Call& call, Session& session) {
  ATLINK_ASSIGN(const GivenSecret secret, check_ready(call, session));
  auto credential = credential_of_client(call, session);
  if (!credential) {
    return without_wrong_secret(session, secret, fail(std::move(credential).error()));
  }
  return keep_credential(call, session, *std::move(credential), false);
}

Status login_with_code(Call& call, Session& session) {
  ATLINK_ASSIGN(const GivenSecret secret, check_ready(call, session));
  return without_wrong_secret(session, secret, by_code(call, session));
}

}  // namespace atlink::cli
