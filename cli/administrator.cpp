// SPDX-License-Identifier: Apache-2.0
#include "cli/administrator.h"

#include "atlink/text.h"
#include "cli/connection.h"
#include "cli/private_key.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace atlink::cli {

namespace {

constexpr std::string_view secret_variable = "ATLINK_ADMIN_SECRET";

std::optional<std::string> given_user(const Call& call) {
  auto named = call.arguments.value("--admin-user");
  return named ? named : variable(call, "ATLINK_ADMIN_USER");
}

// Before anything is asked for: over plain http it would be given away.
Status check_private(const Place& place) {
  if (place.base.site().is_https() || place.base.site().is_loopback()) {
    return {};
  }
  return fail(ErrorCode::credential_insecure,
              fmt::format("{} is plain http, and whoever listens on the way could use the "
                          "administrator's password",
                          place.base.site().origin()),
              fmt::format("atlink profile set {} --url https://…", place.profile.name));
}

tl::unexpected<Error> nobody_to_ask() {
  return fail(ErrorCode::no_terminal,
              "nothing gives the administrator's password",
              "give --admin-user NAME with --admin-secret-file FILE, or set ATLINK_ADMIN_USER and "
              "ATLINK_ADMIN_SECRET; a personal access token goes without a name");
}

Result<std::string> user_of(const Call& call, const Place& place, bool has_secret) {
  if (auto named = given_user(call)) {
    return *std::move(named);
  }
  if (has_secret) {
    return std::string();
  }
  if (!may_ask(call)) {
    return nobody_to_ask();
  }
  ATLINK_ASSIGN(
      const std::string name,
      call.app.platform.terminal.ask(fmt::format(
          "administrator's user name at {} (empty for an access token): ", place.base.str())));
  return std::string(trim(name));
}

Result<std::optional<Secret>> given_secret(const Call& call, const Place& place) {
  if (const auto file = call.arguments.value("--admin-secret-file")) {
    ATLINK_ASSIGN(Secret secret, read_secret_line(call, "--admin-secret-file", *file));
    return std::optional(std::move(secret));
  }
  auto found = secret_from(call.app.platform.environment, secret_variable, place.profile.name);
  return found ? std::optional(std::move(found->value)) : std::optional<Secret>();
}

Result<Secret> asked_secret(const Call& call, const Place& place, const std::string& user) {
  if (!may_ask(call)) {
    return nobody_to_ask();
  }
  return call.app.platform.terminal.ask_secret(
      user.empty() ? fmt::format("administrator's access token at {}: ", place.base.str())
                   : fmt::format("password of {} at {}: ", printable(user), place.base.str()));
}

Credential credential_of_administrator(const Place& place, const std::string& user, Secret secret) {
  Credential credential;
  credential.issued_for.product = place.product.id;
  credential.issued_for.base_url = place.base.str();
  credential.issued_for.method = user.empty() ? SignInMethod::token : SignInMethod::basic;
  credential.issued_for.consumer_key = user;
  credential.access = std::move(secret);
  return credential;
}

}  // namespace

bool names_administrator(const Call& call, const std::string& profile) {
  return given_user(call) || call.arguments.has("--admin-secret-file") ||
         secret_from(call.app.platform.environment, secret_variable, profile);
}

Result<Administrator> open_administrator(const Call& call, const Place& place) {
  ATLINK_CHECK(check_private(place));
  ATLINK_ASSIGN(ConnectionOptions options, connection_options(call, place.profile));
  ATLINK_ASSIGN(std::optional<Secret> secret, given_secret(call, place));
  ATLINK_ASSIGN(const std::string user, user_of(call, place, secret.has_value()));
  if (!secret) {
    ATLINK_ASSIGN(secret, asked_secret(call, place, user));
  }
  if (secret->empty()) {
    return fail(ErrorCode::credential_missing,
                "the administrator's password is empty",
                "run the command again and give it");
  }
  Connection connection{place.product, place.base};
  connection.options = std::move(options);
  Secret again = user.empty() ? Secret() : secret->clone();
  Administrator administrator;
  administrator.client = std::make_unique<Client>(
      call.app.platform,
      std::move(connection),
      fixed_credential(credential_of_administrator(place, user, *std::move(secret))));
  ATLINK_ASSIGN(
      administrator.links,
      LinkAdministrator::make(*administrator.client, place.product, place.base, std::move(again)));
  return administrator;
}

Result<LinkEntry> link_entry(const Call& call, const Place& place) {
  ATLINK_ASSIGN(LinkValues values, link_values(call, place));
  if (values.public_key.empty()) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("profile {} signs with a shared secret, and a link is made with a "
                            "public key",
                            place.profile.name),
                fmt::format("register the consumer by hand: atlink link show --profile {}",
                            place.profile.name));
  }
  return LinkEntry{std::move(values.consumer_key),
                   std::move(values.consumer_name),
                   std::move(values.application_url),
                   std::move(values.public_key),
                   std::move(values.public_key_body)};
}

Result<std::unique_ptr<LinkJournal>> open_link_journal(const Call& call) {
  ATLINK_ASSIGN(const Folders folders, folders_from(call.app.platform.environment));
  return std::make_unique<LinkJournal>(call.app.platform.files, folders.state + "/links");
}

}  // namespace atlink::cli
