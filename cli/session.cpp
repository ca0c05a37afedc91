// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include "atlink/oauth2.h"
#include "cli/connection.h"
#include "cli/private_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

// A shared secret goes wherever on the site the endpoints are: only other origins matter to it.
bool is_origin(const Place& place, const std::string& name) {
  const auto& settings = place.product.settings;
  return std::any_of(settings.begin(), settings.end(), [&](const Setting& setting) {
    return setting.name == name && setting.kind == Setting::Kind::origin;
  });
}

// Signing in again would not help: it needs this secret as well.
Status check_given_for(const IssuedFor& recorded,
                       const IssuedFor& here,
                       std::string_view what,
                       std::string_view given_by,
                       const Place& place) {
  Status same = check_issued_for(recorded, here);
  if (same) {
    return same;
  }
  Error error = std::move(same).error();
  error.message = fmt::format("the {} was given for {} and is not used for {}",
                              what,
                              error.fact("recorded"),
                              error.fact("now"));
  error.next = fmt::format("give the {} for this place: atlink {} {} --secret-file FILE",
                           what,
                           given_by,
                           place.profile.name);
  return fail(std::move(error).with("profile", place.profile.name));
}

Result<Secret> shared_secret(CredentialStore& store, const Place& place) {
  ATLINK_ASSIGN(auto known, store.load_consumer(place.profile.name));
  if (!known) {
    return fail(ErrorCode::consumer_missing,
                fmt::format("profile {} has no shared secret", place.profile.name),
                fmt::format("atlink profile set {} --secret-file FILE, or set "
                            "ATLINK_CONSUMER_SECRET",
                            place.profile.name));
  }
  // One from the environment belongs to whatever the environment is set up for.
  if (!known->issued_for.base_url.empty()) {
    ATLINK_CHECK(check_given_for(
        known->issued_for, secret_issued_for(place), "shared secret", "profile set", place));
  }
  return std::move(known->secret);
}

Result<oauth1::Consumer> consumer_of(const Call& call,
                                     CredentialStore& store,
                                     const Place& place,
                                     oauth1::SignatureMethod method) {
  oauth1::Consumer consumer;
  consumer.key = place.profile.consumer_key;
  if (consumer.key.empty()) {
    return fail(ErrorCode::consumer_missing,
                fmt::format("profile {} has no consumer key", place.profile.name),
                fmt::format("atlink profile set {} --consumer-key KEY (the one of the link)",
                            place.profile.name));
  }
  if (oauth1::uses_rsa(method)) {
    ATLINK_ASSIGN(consumer.private_key, private_key_of(call, place.profile));
  } else {
    ATLINK_ASSIGN(consumer.secret, shared_secret(store, place));
  }
  return consumer;
}

void warn_if_plain(const Call& call, const BaseUrl& base) {
  if (!base.site().is_https() && !base.site().is_loopback()) {
    call.report.warn(
        fmt::format("{} is plain http: others on the way can read and change what is sent",
                    base.site().origin()));
  }
}

}  // namespace

IssuedFor issued_for(const Place& place, std::string key_fingerprint) {
  return IssuedFor{place.product.id,
                   place.base.str(),
                   place.profile.consumer_key,
                   std::move(key_fingerprint),
                   place.binding};
}

IssuedFor secret_issued_for(const Place& place) {
  IssuedFor belongs = issued_for(place, std::string());
  for (const auto& [name, value] : place.binding) {
    if (!is_origin(place, name)) {
      belongs.settings.erase(name);
    }
  }
  return belongs;
}

namespace {

Result<Session> open_signing(const Call& call, Place place) {
  ATLINK_ASSIGN(const oauth1::SignatureMethod method, signature_method_of(place));
  auto store = open_store(call, place.profile, SignInMethod::oauth1);
  ATLINK_ASSIGN(oauth1::Consumer consumer, consumer_of(call, *store, place, method));
  ATLINK_ASSIGN(ConnectionOptions options, connection_options(call, place.profile));
  warn_if_plain(call, place.base);
  IssuedFor belongs = issued_for(
      place,
      consumer.private_key ? consumer.private_key->public_key().fingerprint() : std::string());
  const oauth1::Transmission transmission =
      place.profile.transmission.value_or(place.product.oauth1->transmissions.front());
  Connection connection{std::move(place.product),
                        std::move(place.base),
                        std::move(consumer),
                        method,
                        transmission,
                        std::move(options)};
  connection.act_as = call.arguments.value("--as").value_or(place.profile.act_as);
  return Session{std::move(place.profile.name),
                 SignInMethod::oauth1,
                 place.profile.two_legged,
                 std::move(connection),
                 std::move(belongs),
                 std::move(store),
                 std::move(place.profile.store)};
}

// The client as the profile knows it. Without its secret where none is known: a token that is there
// is good without.
Result<ClientRegistration> registration_of(const Call& call,
                                           CredentialStore& store,
                                           const Place& place) {
  const Profile& profile = place.profile;
  ClientRegistration client{profile.client_id, {}, profile.redirect_uri, profile.scopes};
  if (call.arguments.has("--secret-file")) {
    return client;  // it gives another one, for this place
  }
  ATLINK_ASSIGN(auto known, store.load_consumer(profile.name));
  if (!known) {
    return client;
  }
  if (!known->issued_for.base_url.empty()) {
    ATLINK_ASSIGN(const IssuedFor here, client_issued_for(place));
    ATLINK_CHECK(
        check_given_for(known->issued_for, here, "client's secret", "login --profile", place));
  }
  client.secret = std::move(known->secret);
  return client;
}

std::string offered_by(const Product& product) {
  std::string text;
  for (const SignInMethod method : {SignInMethod::oauth1,
                                    SignInMethod::oauth2,
                                    SignInMethod::client_credentials,
                                    SignInMethod::token,
                                    SignInMethod::api_token,
                                    SignInMethod::basic}) {
    if (rules_of(product, method) != nullptr) {
      text += fmt::format("{}{}", text.empty() ? "" : ", ", to_string(method));
    }
  }
  return text;
}

Status check_offered(const Place& place, SignInMethod method) {
  if (rules_of(place.product, method) != nullptr) {
    return {};
  }
  return fail(ErrorCode::method_unavailable,
              fmt::format("{} ({}) has no way to sign in called {}",
                          place.product.name,
                          to_string(place.product.deployment),
                          to_string(method)),
              fmt::format("choose one of: {} (atlink profile set {} --method METHOD)",
                          offered_by(place.product),
                          place.profile.name));
}

bool takes_user(SignInMethod method) {
  return method == SignInMethod::api_token || method == SignInMethod::basic;
}

bool takes_client(SignInMethod method) {
  return method == SignInMethod::oauth2 || method == SignInMethod::client_credentials;
}

Status check_user(const Place& place, SignInMethod method) {
  if (!takes_user(method) || !place.profile.user.empty()) {
    return {};
  }
  const std::string what =
      method == SignInMethod::api_token ? place.product.api_token->user : std::string("user name");
  return fail(ErrorCode::consumer_missing,
              fmt::format("profile {} has no user name", place.profile.name),
              fmt::format("atlink profile set {} --user USER (the {}), or set ATLINK_USER",
                          place.profile.name,
                          printable(what, 60)));
}

}  // namespace

Result<IssuedFor> issued_for(const Place& place, SignInMethod method) {
  IssuedFor belongs = issued_for(place, std::string());
  belongs.method = method;
  if (method == SignInMethod::oauth1) {
    return belongs;
  }
  belongs.consumer_key = takes_client(method) ? place.profile.client_id
                         : takes_user(method) ? place.profile.user
                                              : std::string();
  const Connection connection{place.product, place.base};
  if (takes_client(method) && place.product.oauth2) {
    ATLINK_ASSIGN(const Url server, oauth2::service_url(connection, place.product.oauth2->token));
    belongs.authorization_server = server.str();
  }
  ATLINK_ASSIGN(belongs.gateway, oauth2::gateway_template(connection, method));
  return belongs;
}

Result<IssuedFor> client_issued_for(const Place& place) {
  ATLINK_ASSIGN(IssuedFor belongs, issued_for(place, SignInMethod::oauth2));
  belongs.gateway.clear();
  belongs.settings.clear();
  return belongs;
}

Result<Session> open_session(const Call& call, Place place, SignInMethod method) {
  ATLINK_CHECK(check_offered(place, method));
  if (call.arguments.has("--as") && method != SignInMethod::oauth1) {
    return fail(ErrorCode::method_unavailable,
                "only requests that are signed without a user act for another (--as)",
                "leave it out, or use OAuth 1.0a: --two-legged");
  }
  if (method == SignInMethod::oauth1) {
    return open_signing(call, std::move(place));
  }
  ATLINK_CHECK(check_user(place, method));
  ATLINK_ASSIGN(IssuedFor belongs, issued_for(place, method));
  auto store = open_store(call, place.profile, method);
  ClientRegistration client;
  if (takes_client(method)) {
    ATLINK_ASSIGN(client, registration_of(call, *store, place));
  }
  ATLINK_ASSIGN(ConnectionOptions options, connection_options(call, place.profile));
  Connection connection{std::move(place.product), std::move(place.base)};
  connection.options = std::move(options);
  connection.registration = std::move(client);
  return Session{std::move(place.profile.name),
                 method,
                 false,
                 std::move(connection),
                 std::move(belongs),
                 std::move(store),
                 std::move(place.profile.store)};
}

Result<Session> open_session(const Call& call, Place place) {
  ATLINK_ASSIGN(const SignInMethod method, method_of(call, place));
  return open_session(call, std::move(place), method);
}

Result<Session> open_session(const Call& call) {
  ATLINK_ASSIGN(Place place, open_place(call, plugins::Parts::requests));
  return open_session(call, std::move(place));
}

Result<Credential> credential_of(Session& session) {
  auto known = session.store->load(session.profile);
  if (!known) {
    return fail(std::move(known).error().with("profile", session.profile));
  }
  if (!known->has_value()) {
    return fail(ErrorCode::credential_missing,
                fmt::format("nobody has signed in with profile {}", session.profile),
                fmt::format("atlink login --profile {}", session.profile));
  }
  Credential credential = std::move(**known);
  if (credential.issued_for.base_url.empty()) {
    // From the environment, which says nothing of where it belongs.
    credential.issued_for = session.issued_for;
  }
  if (Status same = check_issued_for(credential.issued_for, session.issued_for); !same) {
    return fail(std::move(same).error().with("profile", session.profile));
  }
  return credential;
}

Result<oauth1::Token> token_of(Session& session) {
  if (session.method != SignInMethod::oauth1) {
    return fail(ErrorCode::method_no_signature,
                fmt::format("profile {} signs in by {}, which makes no signature",
                            session.profile,
                            to_string(session.method)),
                "send it with atlink request, or give the profile OAuth 1.0a: --method oauth1");
  }
  if (session.two_legged) {
    return oauth1::Token{};
  }
  ATLINK_ASSIGN(Credential credential, credential_of(session));
  return oauth1::Token{std::move(credential.token), std::move(credential.token_secret)};
}

}  // namespace atlink::cli
