// SPDX-License-Identifier: Apache-2.0
#include "cli/sign_in.h"

#include "atlink/oauth2.h"
#include "atlink/text.h"
#include "cli/exit_code.h"
#include "cli/last_use.h"
#include "cli/or_null.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace atlink::cli {

namespace {

// The addresses that the profile itself names are the person's own word.
bool is_set(const Session& session, std::string_view setting) {
  return session.issued_for.settings.contains(std::string(setting));
}

Status add_address(const Session& session,
                   const std::optional<ServiceEndpoint>& service,
                   std::vector<std::string>& to) {
  if (!service || service->setting.empty() || is_set(session, service->setting)) {
    return {};
  }
  ServiceEndpoint origin = *service;
  origin.endpoint = {"/"};
  ATLINK_ASSIGN(const Url url, oauth2::service_url(session.connection, origin));
  const std::string text(url.origin());
  const bool new_here = std::find(to.begin(), to.end(), text) == to.end();
  if (new_here && !url.same_origin(session.connection.base.site())) {
    to.push_back(text);
  }
  return {};
}

// What was agreed to at a sign-in that counts for the same place. Any change of that asks anew.
bool has_agreed(const Session& session, const std::vector<std::string>& urls) {
  const auto known = session.store->load(session.profile);
  if (!known || !*known || !check_issued_for((*known)->issued_for, session.issued_for)) {
    return false;
  }
  const auto& agreed = (*known)->agreed_origins;
  return std::all_of(urls.begin(), urls.end(), [&agreed](const std::string& url) {
    return std::find(agreed.begin(), agreed.end(), url) != agreed.end();
  });
}

bool agrees(std::string_view answer) {
  return equals_ignoring_case(trim(answer), "y") || equals_ignoring_case(trim(answer), "yes");
}

// 0 for what is no number.
std::size_t text_number(std::string_view text) {
  text = trim(text);
  std::size_t number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && stop == text.data() + text.size() ? number : 0;
}

bool is_site(const oauth2::Site& site, std::string_view wanted) {
  const std::string_view url = site.url;
  return site.id == wanted || url == wanted || fmt::format("{}/", url) == wanted;
}

std::string names_of(const std::vector<oauth2::Site>& sites) {
  std::string text;
  for (const oauth2::Site& site : sites) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", site.url, site.id);
  }
  return text.empty() ? "none" : text;
}

// The person may know better than the profile which site is meant.
Result<std::string> ask_for_site(const Call& call,
                                 const Connection& connection,
                                 const std::vector<oauth2::Site>& sites) {
  call.report.note(
      fmt::format("{} is not among the sites that the sign-in opens:", connection.base.str()));
  for (std::size_t i = 0; i < sites.size(); ++i) {
    call.report.note(fmt::format("  {}  {} ({})", i + 1, sites[i].url, sites[i].name));
  }
  ATLINK_ASSIGN(const std::string answer,
                call.app.platform.terminal.ask("which one shall this profile use? (its number; "
                                               "nothing: none) "));
  const auto number = text_number(answer);
  return number >= 1 && number <= sites.size() ? sites[number - 1].id : std::string();
}

bool is_oauth2(const Session& session) {
  return session.method == SignInMethod::oauth2 ||
         session.method == SignInMethod::client_credentials;
}

// Servers say "sign in" as well to a token that is good and may not ask who it is for.
bool lacks_scope(const Session& session, const Error& error) {
  return is_oauth2(session) && error.code == ErrorCode::answer_unauthorized &&
         error.message.find("scope") != std::string::npos;
}

Error refused_at_once(Error error, const Session& session) {
  if (is_oauth2(session) && error.code == ErrorCode::answer_unauthorized) {
    error.next = fmt::format(
        "the server has just issued this token: check that base URL and scopes are right: atlink "
        "profile set {} --url URL --scope SCOPE",
        session.profile);
  }
  return error;
}

}  // namespace

Result<std::vector<std::string>> addresses_of(const Session& session) {
  std::vector<std::string> addresses;
  const Product& product = session.connection.product;
  if (session.method == SignInMethod::api_token && product.api_token) {
    ATLINK_CHECK(add_address(session, product.api_token->gateway, addresses));
    return addresses;
  }
  if (product.oauth2) {
    if (session.method == SignInMethod::oauth2) {
      ATLINK_CHECK(add_address(session, product.oauth2->authorize, addresses));
    }
    ATLINK_CHECK(add_address(session, product.oauth2->token, addresses));
    ATLINK_CHECK(add_address(session, product.oauth2->sites, addresses));
    ATLINK_CHECK(add_address(session, product.oauth2->gateway, addresses));
  }
  return addresses;
}

Result<std::vector<std::string>> unbound_addresses_of(const Session& session) {
  const OAuth2Rules& rules = *session.connection.product.oauth2;
  std::vector<std::string> addresses;
  ATLINK_CHECK(add_address(session, rules.token, addresses));
  ATLINK_CHECK(add_address(session, rules.gateway, addresses));
  const auto bound = static_cast<std::ptrdiff_t>(addresses.size());
  ATLINK_CHECK(add_address(session, rules.sites, addresses));
  addresses.erase(addresses.begin(), addresses.begin() + bound);
  return addresses;
}

Status agree_to_origins(const Call& call,
                        const Session& session,
                        const std::vector<std::string>& urls) {
  const bool agreed = urls.empty() || call.arguments.has("--agree") ||
                      variable(call, "ATLINK_AGREE") == "1" || has_agreed(session, urls);
  if (agreed) {
    return {};
  }
  const std::string what =
      fmt::format("the description of {} has secrets and requests go to {}, beyond {}",
                  session.connection.product.id,
                  fmt::join(urls, " and "),
                  session.connection.base.site().origin());
  if (may_ask(call)) {
    ATLINK_ASSIGN(const std::string answer,
                  call.app.platform.terminal.ask(what + "; go on? [y/N] "));
    if (agrees(answer)) {
      return {};
    }
  }
  return fail(ErrorCode::origin_not_agreed, what, "add --agree if that is where they belong");
}

Result<std::string> find_site(const Call& call,
                              const Connection& connection,
                              const Credential& credential) {
  ATLINK_ASSIGN(const std::vector<oauth2::Site> sites,
                oauth2::sites(call.app.platform, connection, credential));
  const auto chosen = call.arguments.value("--site");
  const std::string origin(connection.base.site().origin());
  for (const oauth2::Site& site : sites) {
    const bool found = chosen ? is_site(site, *chosen)
                              : is_site(site, origin) || is_site(site, connection.base.str());
    if (found) {
      return site.id;
    }
  }
  if (!chosen && !sites.empty() && may_ask(call)) {
    ATLINK_ASSIGN(std::string id, ask_for_site(call, connection, sites));
    if (!id.empty()) {
      return id;
    }
  }
  return fail(ErrorCode::login_site_unclear,
              fmt::format("the sign-in opens these sites, and {} is not among them: {}",
                          chosen ? printable(*chosen, 200) : connection.base.str(),
                          names_of(sites)),
              "allow access to the right site on the consent page, or choose one of them: "
              "atlink login --site URL");
}

Result<Credential> credential_of_client(const Call& call, Session& session) {
  ATLINK_ASSIGN(const std::vector<std::string> addresses, addresses_of(session));
  ATLINK_CHECK(agree_to_origins(call, session, addresses));
  ATLINK_ASSIGN(
      Credential credential,
      oauth2::client_credentials(call.app.platform, session.connection, session.issued_for));
  if (!session.issued_for.gateway.empty()) {
    ATLINK_ASSIGN(credential.site_id, find_site(call, session.connection, credential));
  }
  return credential;
}

Status report_begun(Call& call,
                    const Session& session,
                    const PendingLogin& pending,
                    const Url& url,
                    std::string_view what_next) {
  if (call.report.json()) {
    json::Value object;
    object.set("profile", session.profile);
    object.set("url", url.str());
    object.set("expires_at", to_rfc3339(pending.expires_at));
    return call.report.document(object);
  }
  call.report.note(what_next);
  return call.report.bytes(url.str() + "\n");
}

void show_url(const Call& call,
              const Session& session,
              const PendingLogin& pending,
              const Url& url) {
  bool here = false;
  if (!call.arguments.has("--no-browser")) {
    const Status opened = call.app.platform.browser.open(url);
    if (opened && call.report.json()) {
      return;
    }
    if (!opened) {
      call.report.warn(fmt::format("no browser could be opened: {}", opened.error().message));
    }
    here = opened.has_value();
  }
  call.report.note("allow access at this address, if no browser shows it already:");
  call.report.hand_over("url", url.str());
  if (!here || variable(call, "SSH_CONNECTION")) {
    call.report.note(fmt::format(
        "a browser on another machine then ends at an address that begins with {} and cannot load "
        "it: press Ctrl-C here, then atlink login --profile {} --verifier 'THAT ADDRESS'",
        pending.callback.substr(0, pending.callback.find('/', pending.callback.find("//") + 2)),
        session.profile));
  }
}

Status report_credential(Call& call, const Session& session, const Credential& credential) {
  if (call.report.json()) {
    json::Value object;
    object.set("profile", session.profile);
    object.set("user", or_null(credential.user));
    object.set("method", to_string(session.method));
    object.set("base_url", session.issued_for.base_url);
    object.set("issued_at", or_null(credential.issued_at));
    object.set("expires_at", or_null(credential.expires_at));
    object.set("session_ends_at", or_null(credential.session_ends_at));
    object.set("store", session.two_legged ? json::Value() : json::Value(session.store->kind()));
    return call.report.document(object);
  }
  call.report.note(fmt::format(
      "signed in {}at {}{}",
      credential.user.empty() ? "" : fmt::format("as {} ", credential.user),
      session.issued_for.base_url,
      credential.expires_at ? fmt::format(", until {}", to_rfc3339(*credential.expires_at))
                            : std::string()));
  return {};
}

Status try_out(const Call& call, Session& session, Credential& credential, bool must_work) {
  ATLINK_ASSIGN(const auto client, client_to_try(call, session, clone(credential)));
  auto user = client->who_am_i();
  if (user) {
    credential.user = std::move(*user);
    return {};
  }
  const bool silent = user.error().code == ErrorCode::product_unsupported;
  if (silent && must_work) {
    call.report.warn("the product does not say who is signed in, so that this is not proven");
  }
  if (silent) {
    return {};
  }
  const bool refused =
      exit_code_of(user.error().code) == exit_sign_in && !lacks_scope(session, user.error());
  if (must_work || refused) {
    return fail(refused_at_once(std::move(user).error(), session));
  }
  call.report.warn(
      fmt::format("the server did not say who is signed in: {}", user.error().message));
  return {};
}

Result<PendingLogin> pending_login(const Call& call, Session& session) {
  ATLINK_ASSIGN(std::optional<PendingLogin> pending, session.store->load_pending(session.profile));
  if (!pending || pending->issued_for.method != session.method) {
    return fail(ErrorCode::login_not_begun,
                fmt::format("profile {} has no sign-in to go on with", session.profile),
                fmt::format("begin one: atlink login --profile {}", session.profile));
  }
  if (call.app.platform.clock.now() > pending->expires_at) {
    ATLINK_CHECK(session.store->erase_pending(session.profile));
    return fail(ErrorCode::login_expired,
                fmt::format("the sign-in that was begun at {} had to be finished by {}",
                            to_rfc3339(pending->begun_at),
                            to_rfc3339(pending->expires_at)),
                fmt::format("begin another one: atlink login --profile {}", session.profile));
  }
  ATLINK_CHECK(check_issued_for(pending->issued_for, session.issued_for));
  return std::move(*pending);
}

Status wait_for_browser(const Call& call,
                        const Session& session,
                        const PendingLogin& pending,
                        CallbackListener& listener,
                        CallbackListener::Judge& judge,
                        std::chrono::milliseconds patience) {
  const auto fields = listener.wait(judge, patience);
  if (fields) {
    return {};
  }
  Error error = fields.error();
  if (call.app.platform.clock.now() < pending.expires_at) {
    error.next = fmt::format("until {} it can go on: atlink login --resume --profile {}",
                             to_rfc3339(pending.expires_at),
                             session.profile);
  }
  return fail(std::move(error));
}

Status keep_credential(
    Call& call, Session& session, Credential credential, bool must_work, std::string* user) {
  // All that got here was agreed to; for a token that works at the site nobody was asked.
  const bool was_asked = session.method != SignInMethod::api_token || !credential.site_id.empty();
  if (was_asked) {
    ATLINK_ASSIGN(credential.agreed_origins, addresses_of(session));
  }
  ATLINK_CHECK(try_out(call, session, credential, must_work));
  ATLINK_CHECK(session.store->save(session.profile, credential));
  forget_use(call, session.profile);
  ATLINK_CHECK(session.store->erase_renewal(session.profile));
  ATLINK_CHECK(session.store->erase_pending(session.profile));
  call.report.note(fmt::format("the credential is kept in {}", in_words(session.choice)));
  if (user != nullptr) {
    *user = credential.user;
  }
  return report_credential(call, session, credential);
}

}  // namespace atlink::cli
