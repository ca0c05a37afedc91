// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

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
    ATLINK_CHECK(check_issued_for(known->issued_for, secret_issued_for(place)));
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

Result<ConnectionOptions> options_of(const Call& call, const Profile& profile) {
  ConnectionOptions options;
  if (!profile.ca_file.empty()) {
    auto pem = call.app.platform.files.read_all(profile.ca_file);
    if (!pem) {
      return fail(std::move(pem).error().with("profile", profile.name));
    }
    options.ca_pem = std::move(*pem);
  }
  return options;
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
  IssuedFor belongs = issued_for(place, {});
  for (const auto& [name, value] : place.binding) {
    if (!is_origin(place, name)) {
      belongs.settings.erase(name);
    }
  }
  return belongs;
}

Result<Session> open_session(const Call& call, Place place) {
  ATLINK_ASSIGN(const oauth1::SignatureMethod method, signature_method_of(place));
  auto store = open_store(call);
  ATLINK_ASSIGN(oauth1::Consumer consumer, consumer_of(call, *store, place, method));
  ATLINK_ASSIGN(ConnectionOptions options, options_of(call, place.profile));
  warn_if_plain(call, place.base);
  IssuedFor belongs = issued_for(
      place,
      consumer.private_key ? consumer.private_key->public_key().fingerprint() : std::string());
  const oauth1::Transmission transmission =
      place.profile.transmission.value_or(place.product.oauth1->transmissions.front());
  return Session{std::move(place.profile.name),
                 place.profile.two_legged,
                 Connection{std::move(place.product),
                            std::move(place.base),
                            std::move(consumer),
                            method,
                            transmission,
                            std::move(options)},
                 std::move(belongs),
                 std::move(store)};
}

Result<Session> open_session(const Call& call) {
  ATLINK_ASSIGN(Place place, open_place(call));
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
    credential.issued_for = session.issued_for;
  }
  if (Status same = check_issued_for(credential.issued_for, session.issued_for); !same) {
    return fail(std::move(same).error().with("profile", session.profile));
  }
  return credential;
}

Result<oauth1::Token> token_of(Session& session) {
  if (session.two_legged) {
    return oauth1::Token{};
  }
  ATLINK_ASSIGN(Credential credential, credential_of(session));
  return oauth1::Token{std::move(credential.token), std::move(credential.token_secret)};
}

}  // namespace atlink::cli
