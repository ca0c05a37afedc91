// SPDX-License-Identifier: Apache-2.0
#include "cli/standing.h"

#include "atlink/text.h"
#include "cli/exit_code.h"
#include "cli/last_use.h"
#include "cli/or_null.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

using Days = std::chrono::duration<std::int64_t, std::ratio<86400>>;

// One of many: a site that does not answer must not hold up the others for long.
constexpr std::chrono::seconds short_deadline{20};

json::Value or_null(const std::optional<bool>& flag) {
  return flag ? json::Value(*flag) : json::Value();
}

Standing standing_of(const Session& session) {
  const Connection& connection = session.connection;
  Standing standing;
  standing.profile = session.profile;
  standing.two_legged = session.two_legged;
  standing.method = session.method;
  if (session.method == SignInMethod::oauth1) {
    standing.signature_method = oauth1::wire_name(connection.method);
  }
  standing.product = connection.product.id;
  standing.deployment = to_string(connection.product.deployment);
  standing.base_url = connection.base.str();
  standing.consumer_key = session.issued_for.consumer_key;
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
                    const Product& product,
                    TimePoint now,
                    Standing& standing) {
  const OAuth1Rules rules =
      standing.method == SignInMethod::oauth1 && product.oauth1 ? *product.oauth1 : OAuth1Rules();
  standing.user = credential.user;
  standing.scopes = credential.scopes;
  standing.issued_at = credential.issued_at;
  standing.expires_at =
      end_of(credential.expires_at, credential.issued_at, rules.access_token_lifetime);
  standing.session_ends_at = credential.session_ends_at;
  if (!credential.session_handle.empty()) {
    standing.session_ends_at =
        end_of(credential.session_ends_at, credential.issued_at, rules.session_lifetime);
  }
  const bool session = !credential.session_handle.empty() || !credential.refresh_token.empty();
  const auto& over = standing.session_ends_at;
  standing.renewable = session && !credential.read_only && (!over || *over > now);
  if (standing.expires_at) {
    const auto left = std::chrono::duration_cast<Days>(*standing.expires_at - now);
    standing.days_left = std::max<std::int64_t>(left.count(), 0);
  }
}

// The server's word on who this is. A refusal is an answer too: the sign-in no longer counts.
Status ask_server(Client& client, const Session& session, Standing& standing) {
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
  return fail(for_session(std::move(user).error(), session));
}

// Asking may have renewed the credential: then the times of the new one count.
void add_renewed(const Call& call, Session& session, Standing& standing) {
  const auto now = session.store->load(session.profile);
  if (!now || !now->has_value() || (*now)->read_only) {
    return;
  }
  const std::string user = standing.user;
  add_credential(**now, session.connection.product, call.app.platform.clock.now(), standing);
  standing.user = user;
}

std::string remedy(const Standing& standing) {
  if (standing.store == "environment") {
    return "put a new one into the variables that give it";
  }
  return fmt::format(
      "atlink {} --profile {}", standing.renewable ? "renew" : "login", standing.profile);
}

// Says so where the end comes near; one that is not known cannot be judged.
Status check_end(const Call& call, const Question& question, Standing& standing) {
  if (!question.within || standing.two_legged) {
    return {};
  }
  if (!standing.expires_at) {
    call.report.warn(
        fmt::format("when the credential of profile {} expires is not known", standing.profile));
    return {};
  }
  const TimePoint now = call.app.platform.clock.now();
  standing.expires_soon = *standing.expires_at <= now + *question.within;
  if (*standing.expires_at <= now) {
    return fail(ErrorCode::credential_expired,
                fmt::format("the credential of profile {} expired at {}",
                            standing.profile,
                            to_rfc3339(*standing.expires_at)),
                remedy(standing));
  }
  if (!*standing.expires_soon) {
    return {};
  }
  return fail(ErrorCode::credential_expires_soon,
              fmt::format("the credential of profile {} expires at {}",
                          standing.profile,
                          to_rfc3339(*standing.expires_at)),
              remedy(standing));
}

}  // namespace

Status look_at(const Call& call,
               Session session,
               const Question& question,
               bool one_of_many,
               Standing& standing) {
  standing = standing_of(session);
  if (session.two_legged) {
    return {};
  }
  ATLINK_ASSIGN(Credential credential, credential_to_use(call, session));
  if (!credential.read_only) {
    standing.last_used_at = last_use(call, session.profile);
  }
  standing.store = credential.read_only ? "environment" : session.store->kind();
  add_credential(credential, session.connection.product, call.app.platform.clock.now(), standing);
  Status end = check_end(call, question, standing);
  if (question.offline) {
    return end;
  }
  ATLINK_ASSIGN(const auto client, client_with(call, session, std::move(credential)));
  if (one_of_many) {
    client->limits.deadline = short_deadline;
    client->retry.attempts = 1;
  }
  // That it is refused today matters more than when it ends.
  ATLINK_CHECK(ask_server(*client, session, standing));
  add_renewed(call, session, standing);
  return question.within && standing.expires_at ? check_end(call, question, standing) : end;
}

json::Value to_document(const Standing& standing) {
  json::Value object;
  object.set("profile", standing.profile);
  object.set("user", or_null(standing.user));
  object.set("method", to_string(standing.method));
  object.set("issued_at", or_null(standing.issued_at));
  object.set("expires_at", or_null(standing.expires_at));
  object.set("days_left", standing.days_left ? json::Value(*standing.days_left) : json::Value());
  object.set("expires_soon", or_null(standing.expires_soon));
  object.set("session_ends_at", or_null(standing.session_ends_at));
  object.set("last_used_at", or_null(standing.last_used_at));
  object.set("valid", or_null(standing.valid));
  object.set("two_legged", standing.two_legged);
  object.set("signature_method", or_null(standing.signature_method));
  json::Array scopes;
  for (const std::string& scope : standing.scopes) {
    scopes.emplace_back(scope);
  }
  object.set("scopes", std::move(scopes));
  object.set("product", or_null(standing.product));
  object.set("deployment", or_null(standing.deployment));
  object.set("base_url", or_null(standing.base_url));
  object.set("consumer_key", or_null(standing.consumer_key));
  object.set("store", or_null(standing.store));
  return object;
}

}  // namespace atlink::cli
