// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/layout.h"
#include "cli/or_null.h"
#include "cli/private_key.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace atlink::cli::commands {

namespace {

using Days = std::chrono::duration<std::int64_t, std::ratio<86400>>;

// All that is known of a sign-in, before and after the server was asked.
struct Standing {
  std::string profile;
  std::string user;
  std::optional<TimePoint> issued_at;
  std::optional<TimePoint> expires_at;
  std::optional<TimePoint> session_ends_at;
  std::optional<std::int64_t> days_left;
  /// None while the server was not asked.
  std::optional<bool> valid;
  bool two_legged = false;
  std::string signature_method;
  std::string product;
  std::string deployment;
  std::string base_url;
  std::string consumer_key;
  std::string store;
};

Standing standing_of(const Session& session) {
  const Connection& connection = session.connection;
  Standing standing;
  standing.profile = session.profile;
  standing.two_legged = session.two_legged;
  standing.signature_method = oauth1::wire_name(connection.method);
  standing.product = connection.product.id;
  standing.deployment = to_string(connection.product.deployment);
  standing.base_url = connection.base.str();
  standing.consumer_key = connection.consumer.key;
  return standing;
}

// Where the server said nothing, what the description says of its tokens counts.
std::optional<TimePoint> end_of(const std::optional<TimePoint>& said,
                                const std::optional<TimePoint>& issued,
                                std::chrono::seconds usual) {
  if (said || !issued || usual.count() == 0) {
    return said;
  }
  return *issued + usual;
}

void add_credential(const Credential& credential,
                    const OAuth1Rules& rules,
                    TimePoint now,
                    Standing& standing) {
  standing.user = credential.user;
  standing.issued_at = credential.issued_at;
  standing.expires_at =
      end_of(credential.expires_at, credential.issued_at, rules.access_token_lifetime);
  standing.session_ends_at = credential.session_ends_at;
  if (!credential.session_handle.empty()) {
    standing.session_ends_at =
        end_of(credential.session_ends_at, credential.issued_at, rules.session_lifetime);
  }
  if (standing.expires_at) {
    const auto left = std::chrono::duration_cast<Days>(*standing.expires_at - now);
    standing.days_left = std::max<std::int64_t>(left.count(), 0);
  }
}

json::Value to_document(const Standing& standing) {
  json::Value object;
  object.set("profile", standing.profile);
  object.set("user", or_null(standing.user));
  object.set("method", "oauth1");
  object.set("issued_at", or_null(standing.issued_at));
  object.set("expires_at", or_null(standing.expires_at));
  object.set("days_left", standing.days_left ? json::Value(*standing.days_left) : json::Value());
  object.set("session_ends_at", or_null(standing.session_ends_at));
  object.set("valid", standing.valid ? json::Value(*standing.valid) : json::Value());
  object.set("two_legged", standing.two_legged);
  object.set("signature_method", standing.signature_method);
  object.set("product", standing.product);
  object.set("deployment", standing.deployment);
  object.set("base_url", standing.base_url);
  object.set("consumer_key", standing.consumer_key);
  object.set("store", or_null(standing.store));
  return object;
}

std::string in_words(const std::optional<TimePoint>& time) {
  return time ? to_rfc3339(*time) : "not known";
}

std::string user_in_words(const Standing& standing) {
  if (standing.two_legged) {
    return "none (two-legged)";
  }
  const std::string user = standing.user.empty() ? "not known" : standing.user;
  return standing.valid ? user : user + " (the server was not asked)";
}

std::string to_text(const Standing& standing) {
  return lay_out_pairs({
      {"profile", standing.profile},
      {"site", fmt::format("{} ({})", standing.base_url, standing.product)},
      {"user", user_in_words(standing)},
      {"method", fmt::format("OAuth 1.0a, {}", standing.signature_method)},
      {"issued", in_words(standing.issued_at)},
      {"expires", in_words(standing.expires_at)},
      {"days left", standing.days_left ? std::to_string(*standing.days_left) : "not known"},
      {"session ends", in_words(standing.session_ends_at)},
      {"store", standing.store},
  });
}

// The server's word on who this is. A refusal is an answer too: the sign-in no longer counts.
Status ask_server(const Call& call, Session session, oauth1::Token token, Standing& standing) {
  Client client(call.app.platform, std::move(session.connection), std::move(token));
  auto user = client.who_am_i();
  if (user) {
    standing.user = std::move(*user);
    standing.valid = true;
    return {};
  }
  // A product without such an address has said nothing about the sign-in.
  if (user.error().code == ErrorCode::product_unsupported) {
    return {};
  }
  if (exit_code_of(user.error().code) == exit_sign_in) {
    standing.valid = false;
  }
  return fail(std::move(user).error().with("profile", standing.profile));
}

Status run(Call& call) {
  ATLINK_ASSIGN(Session session, open_session(call));
  Standing standing = standing_of(session);
  Status outcome;
  if (!session.two_legged) {
    ATLINK_ASSIGN(Credential credential, credential_of(session));
    standing.store = credential.read_only ? "environment" : session.store->kind();
    add_credential(
        credential, *session.connection.product.oauth1, call.app.platform.clock.now(), standing);
    if (!call.arguments.has("--offline")) {
      outcome = ask_server(call,
                           std::move(session),
                           {std::move(credential.token), std::move(credential.token_secret)},
                           standing);
    }
  }
  ATLINK_CHECK(call.report.json() ? call.report.document(to_document(standing))
                                  : call.report.bytes(to_text(standing)));
  return outcome;
}

constexpr std::array options{
    OptionSpec{"--offline", "", "do not ask the server; show what was kept at the sign-in"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink status", "who is signed in, and until when"},
    Example{"atlink status --offline --output json", "the same for a script, without a request"},
};

}  // namespace

const Command status{
    "status",
    "show who is signed in, and until when",
    "Asks the server for the user unless --offline is given. Times that the server "
    "did not say are worked out from what the product's description says.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
