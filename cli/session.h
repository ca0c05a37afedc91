// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/client.h"
#include "atlink/credential.h"
#include "atlink/profile.h"
#include "cli/call.h"
#include "cli/settings.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

/// From a profile's name to a connection that can be signed for.
namespace atlink::cli {

/// Where a profile leads to.
struct Place {
  /// With everything that the environment says instead; site and context path as they count.
  Profile profile;
  /// With the profile's settings in it.
  Product product;
  BaseUrl base;
  /// The settings that change where a sign-in and its credential go.
  std::map<std::string, std::string> binding;
};

/// The product of a profile, without its settings, as it is at `url`: in the profile's deployment,
/// else in the one whose hosts the URL's is among, else in the product's preferred one. Fails like
/// the Registry.
[[nodiscard]] Result<Product> product_at(const Call& call,
                                         const Profile& profile,
                                         const std::string& url,
                                         plugins::Parts parts = plugins::Parts::all);

/// The chosen profile, its product and its base URL (ATLINK_URL and ATLINK_CONTEXT_PATH counted).
/// Fails with `profile_missing`, `profile_invalid` and what the product plugins say. With
/// `Parts::requests` the product has no operations, link screens and probes.
[[nodiscard]] Result<Place> open_place(const Call& call,
                                       plugins::Parts parts = plugins::Parts::all);

/// The product and base URL of a profile as it stands, whatever the environment says.
[[nodiscard]] Result<Place> place_of(const Call& call, Profile profile);

/// How the product's requests are signed for this profile: its own choice, else the description's
/// first. Fails with `product_unsupported` where the product has no OAuth 1.0a.
[[nodiscard]] Result<oauth1::SignatureMethod> signature_method_of(const Place& place);

/// What keeps the secrets of a profile. Fails with `file_not_found` where no home is known.
[[nodiscard]] Result<std::unique_ptr<CredentialStore>> open_store_behind(const Call& call,
                                                                         const std::string& profile,
                                                                         const StoreChoice& choice);

/// The same with the environment in front. Works without a home too; then nothing can be saved.
/// With a method, only variables that have a use for it count.
[[nodiscard]] std::unique_ptr<CredentialStore> open_store(const Call& call,
                                                          const Profile& profile,
                                                          std::optional<SignInMethod> method = {});

/// Where secrets are kept, for people.
[[nodiscard]] std::string in_words(const StoreChoice& choice);

/// Where credentials of OAuth 1.0a of this place belong. The fingerprint is that of the signing
/// key's public half; empty for shared secrets.
[[nodiscard]] IssuedFor issued_for(const Place& place, std::string key_fingerprint);

/// The same for the consumer's shared secret.
[[nodiscard]] IssuedFor secret_issued_for(const Place& place);

/// Where credentials of another method belong: also to which authorization server and gateway.
/// Fails with `profile_invalid` where a setting for one of them is empty.
[[nodiscard]] Result<IssuedFor> issued_for(const Place& place, SignInMethod method);

/// The same for the secret of an OAuth 2.0 client.
[[nodiscard]] Result<IssuedFor> client_issued_for(const Place& place);

/// How this profile signs in: as it says itself (or ATLINK_METHOD), else as a variable's or the
/// stored credential was made, else what fits best (`pick_method`).
[[nodiscard]] Result<SignInMethod> method_of(const Call& call, const Place& place);

/// A place together with what it takes to sign for it.
struct Session {
  std::string profile;
  SignInMethod method = SignInMethod::oauth1;
  bool two_legged = false;
  Connection connection;
  IssuedFor issued_for;
  std::unique_ptr<CredentialStore> store;
  /// What `store` is, behind the environment.
  StoreChoice choice;
};

/// Opens the private key or shared secret and the CA file too. Warns about plain http beyond
/// loopback. Fails with `key_*`, `consumer_missing`, `credential_elsewhere` (a shared secret that
/// was given for another place) and all that `open_place` does. The first one opens the place of
/// the chosen profile for requests.
[[nodiscard]] Result<Session> open_session(const Call& call);
[[nodiscard]] Result<Session> open_session(const Call& call, Place place);
[[nodiscard]] Result<Session> open_session(const Call& call, Place place, SignInMethod method);

/// The session's credential, proven to be issued for this place. Fails with `credential_missing`,
/// `credential_elsewhere` and what the store says.
[[nodiscard]] Result<Credential> credential_of(Session& session);

/// The same; where variables alone make a client of OAuth 2.0, it signs in for this run.
[[nodiscard]] Result<Credential> credential_to_use(const Call& call, Session& session);

/// What requests of OAuth 1.0a are signed with: the credential's token, or the empty one without a
/// user.
[[nodiscard]] Result<oauth1::Token> token_of(Session& session);

/// What gives the credential, renewed where it can be. The session has to outlive it.
[[nodiscard]] std::shared_ptr<CredentialSource> source_of(const Call& call,
                                                          Session& session,
                                                          Credential credential);

/// Sends with the session's credential, by whatever method, and renews it where it can be. Takes
/// the connection out of the session, whose store has to outlive the client. Fails like
/// `credential_of`.
[[nodiscard]] Result<std::unique_ptr<Client>> open_client(const Call& call, Session& session);

/// The same with a credential that is known already.
[[nodiscard]] Result<std::unique_ptr<Client>> client_with(const Call& call,
                                                          Session& session,
                                                          Credential credential);

/// The same for one that is not stored yet: what is stored counts for nothing, and nothing is
/// renewed.
[[nodiscard]] Result<std::unique_ptr<Client>> client_to_try(const Call& call,
                                                            Session& session,
                                                            Credential credential);

/// What a request of the session failed with, for whoever has to do something about it: the
/// profile is named, and what to do where the server takes no sign-in of it.
[[nodiscard]] Error for_session(Error error, const Session& session);

}  // namespace atlink::cli
