// SPDX-License-Identifier: Apache-2.0
// Sign-ins with something that a person has got elsewhere: a token or a password.
#include "atlink/oauth2.h"
#include "atlink/text.h"
#include "cli/exit_code.h"
#include "cli/method.h"
#include "cli/private_key.h"
#include "cli/sign_in.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

std::string_view variable_of(SignInMethod method) {
  return method == SignInMethod::basic ? "ATLINK_PASSWORD" : "ATLINK_TOKEN";
}

std::string name_of(const Session& session) {
  switch (session.method) {
    case SignInMethod::basic:
      return fmt::format("password of {}", session.issued_for.consumer_key);
    case SignInMethod::api_token:
      return fmt::format("API token of {}", session.issued_for.consumer_key);
    default:
      return "personal access token";
  }
}

Result<Secret> given_secret(const Call& call, const Session& session) {
  if (const auto file = call.arguments.value("--secret-file")) {
    return read_secret_line(call, "--secret-file", *file);
  }
  const std::string_view variable = variable_of(session.method);
  if (auto found = secret_from(call.app.platform.environment, variable, session.profile)) {
    return std::move(found->value);
  }
  if (!may_ask(call)) {
    return fail(ErrorCode::no_terminal,
                fmt::format("nothing gives the {}", name_of(session)),
                fmt::format("give --secret-file FILE, or set {}", variable));
  }
  return call.app.platform.terminal.ask_secret(
      fmt::format("{} at {}: ", name_of(session), session.connection.base.str()));
}

// Before anything is asked for: over plain http it would be given away.
Status check_private(const Session& session) {
  const Url& site = session.connection.base.site();
  if (site.is_https() || site.is_loopback()) {
    return {};
  }
  return fail(ErrorCode::credential_insecure,
              fmt::format("{} is plain http, and whoever listens on the way could use what would "
                          "be sent",
                          site.origin()),
              fmt::format("atlink profile set {} --url https://…", session.profile));
}

Status check_switched_on(const Call& call, const Session& session, std::string_view version) {
  const Product& product = session.connection.product;
  const bool off = session.method == SignInMethod::basic && is_switched_off(product, version);
  if (!off || call.arguments.has("--switched-on")) {
    return {};
  }
  return fail(
      ErrorCode::method_unavailable,
      fmt::format("{} {} has Basic switched off unless an administrator has switched it on (from "
                  "{} on), so that no password is sent",
                  product.name,
                  version,
                  product.basic->off_from),
      product.token ? "use a token: atlink login --method token; or, if it was switched on, add "
                      "--switched-on"
                    : "choose another way with --method; or, if it was switched on, add "
                      "--switched-on");
}

// The word of the server on a secret that was typed: what may be wrong with it.
Error explained(Error error, const Session& session) {
  const bool basic = session.method == SignInMethod::basic;
  if (error.code == ErrorCode::answer_forbidden && basic) {
    error.next =
        "Basic may be switched off there: a token works instead (--method token); or somebody has "
        "to give this user the permission";
  } else if (error.code == ErrorCode::answer_unauthorized && basic) {
    error.next =
        "check user name and password, and that the server still takes them (Basic may be "
        "switched off; a token works instead: --method token). Do not try often: servers lock "
        "accounts";
  } else if (error.code == ErrorCode::answer_unauthorized) {
    error.next = "check that the token is whole, has not expired, and was made on this site";
  }
  return std::move(error).with("profile", session.profile);
}

bool may_be_scoped(const Session& session, const Error& error) {
  return session.method == SignInMethod::api_token && !session.issued_for.gateway.empty() &&
         exit_code_of(error.code) == exit_sign_in && error.code != ErrorCode::answer_captcha;
}

// Tokens with scopes do not show that they are: at the site they are refused.
Result<std::string> site_behind_gateway(const Call& call, const Session& session) {
  ATLINK_ASSIGN(const std::vector<std::string> addresses, addresses_of(session));
  ATLINK_CHECK(agree_to_origins(call, session, addresses));
  return oauth2::site_id_of(call.app.platform, session.connection);
}

// Where the product does not say who is signed in, nothing can be found out this way.
Status try_at(const Call& call,
              const Place& place,
              Session& session,
              const Credential& credential) {
  ATLINK_ASSIGN(Session trial, open_session(call, place, session.method));
  ATLINK_ASSIGN(const auto client, client_to_try(call, trial, clone(credential)));
  const auto user = client->who_am_i();
  const bool fine = user || user.error().code == ErrorCode::product_unsupported;
  return fine ? Status() : fail(user.error());
}

}  // namespace

Status login_with_secret(Call& call, Session& session, std::string_view version) {
  ATLINK_CHECK(check_private(session));
  ATLINK_CHECK(check_switched_on(call, session, version));
  // The variable that may give it must not keep it from being stored.
  ATLINK_ASSIGN(session.store, open_store_behind(call, session.profile, session.choice));
  ATLINK_CHECK(session.store->check_writable(session.profile));
  Credential credential;
  credential.issued_for = session.issued_for;
  ATLINK_ASSIGN(credential.access, given_secret(call, session));
  if (credential.access.empty()) {
    return fail(ErrorCode::credential_missing,
                fmt::format("the {} is empty", name_of(session)),
                "run the command again and give it");
  }
  ATLINK_ASSIGN(const Place place, open_place(call));
  if (Status tried =
          session.issued_for.gateway.empty() ? Status() : try_at(call, place, session, credential);
      !tried) {
    if (!may_be_scoped(session, tried.error())) {
      return fail(explained(std::move(tried).error(), session));
    }
    ATLINK_ASSIGN(credential.site_id, site_behind_gateway(call, session));
  }
  Status kept = keep_credential(call, session, std::move(credential), true);
  return kept ? kept : fail(explained(std::move(kept).error(), session));
}

}  // namespace atlink::cli
