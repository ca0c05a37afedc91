// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"
#include "atlink/sign_in.h"
#include "atlink/text.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atlink {

/// Where a credential was issued for. A credential is sent nowhere else; changing any of these asks
/// for a new sign-in.
struct IssuedFor {
  std::string product;
  /// Site plus context path, as BaseUrl writes it.
  std::string base_url;
  /// Whom: the consumer key of OAuth 1.0a, the client id of OAuth 2.0, the user name that goes with
  /// a password or API token; empty for personal access tokens.
  std::string consumer_key;
  /// Fingerprint of the public key that the sign-in was made with; empty for shared secrets.
  std::string key_fingerprint;
  /// What the profile's settings change of where the sign-in and the credential go: other
  /// endpoints, other origins. By name; without those that say what the description says.
  std::map<std::string, std::string> settings{};
  SignInMethod method = SignInMethod::oauth1;
  /// The token endpoint of OAuth 2.0, whole; else empty.
  std::string authorization_server{};
  /// Where requests may go in place of the base URL, with {site_id} for the site; else empty.
  std::string gateway{};

  friend bool operator==(const IssuedFor&, const IssuedFor&) = default;
};

/// Names the first thing that differs, with both values, as `credential_elsewhere`.
[[nodiscard]] ATLINK_API Status check_issued_for(const IssuedFor& recorded, const IssuedFor& now);

/// What a sign-in gave, with all that the server said about it. `issued_for.method` says which of
/// the members count.
struct Credential {
  IssuedFor issued_for;
  /// Of OAuth 1.0a.
  std::string token;
  Secret token_secret;
  Secret session_handle;
  /// What goes along as it is: an access token of OAuth 2.0, a personal access token, an API token,
  /// a password.
  Secret access;
  /// Gets the next access token of OAuth 2.0.
  Secret refresh_token;
  /// What the access token is good for, as far as the server says.
  std::vector<std::string> scopes;
  /// The site behind the gateway; empty where requests go to the base URL.
  std::string site_id;
  /// Origins beyond the site that the person agreed to when signing in.
  std::vector<std::string> agreed_origins;
  /// Who signed in, as far as known.
  std::string user;
  std::optional<TimePoint> issued_at;
  std::optional<TimePoint> expires_at;
  /// Until when it can be renewed.
  std::optional<TimePoint> session_ends_at;
  /// Counts the writes of this record.
  std::int64_t version = 0;
  /// From environment variables: cannot be changed or removed here.
  bool read_only = false;
};

/// A second credential with the same content.
[[nodiscard]] ATLINK_API Credential clone(const Credential& credential);

/// Gives what requests are authorised with, and something newer when that wears out. Thread-safe.
class ATLINK_API CredentialSource {
 public:
  CredentialSource() = default;
  virtual ~CredentialSource();
  CredentialSource(const CredentialSource&) = delete;
  CredentialSource& operator=(const CredentialSource&) = delete;

  /// The credential to use now.
  [[nodiscard]] virtual Result<std::shared_ptr<const Credential>> current() = 0;

  /// Whether `renew` could get something newer than what a server has refused. Sends nothing.
  [[nodiscard]] virtual bool can_renew(const Credential& refused) = 0;

  /// Gets it, so that `current` gives it from now on.
  virtual Status renew(const Credential& refused) = 0;
};

/// A source that only ever has this one.
[[nodiscard]] ATLINK_API std::shared_ptr<CredentialSource> fixed_credential(Credential credential);

/// A sign-in with a browser between its two halves.
struct PendingLogin {
  IssuedFor issued_for;
  /// Of OAuth 2.0: the state.
  std::string request_token;
  /// Of OAuth 2.0: the code verifier of PKCE.
  Secret request_token_secret;
  /// What was sent as oauth_callback or redirect_uri.
  std::string callback;
  TimePoint begun_at;
  TimePoint expires_at;
};

/// Credentials of profiles. Each profile has at most one credential, one pending sign-in and one
/// consumer secret.
class ATLINK_API CredentialStore {
 public:
  CredentialStore() = default;
  virtual ~CredentialStore();
  CredentialStore(const CredentialStore&) = delete;
  CredentialStore& operator=(const CredentialStore&) = delete;

  /// "file", "environment", …
  [[nodiscard]] virtual std::string_view kind() const = 0;
  /// None where there is none. Fails with `file_damaged`, `file_permissions`, `file_unreadable`.
  [[nodiscard]] virtual Result<std::optional<Credential>> load(std::string_view profile) = 0;
  /// Replaces; increments the version. Fails with `file_unwritable` and the like.
  virtual Status save(std::string_view profile, const Credential& credential) = 0;
  /// The same if the stored one still has this version; false where it has another, or is gone.
  [[nodiscard]] virtual Result<bool> replace(std::string_view profile,
                                             std::int64_t version,
                                             const Credential& credential) = 0;
  /// Fine where there is none. Forgets a renewal too.
  virtual Status erase(std::string_view profile) = 0;

  /// Held by the one, of all processes and threads, who renews the profile's credential. Null in a
  /// store that keeps nothing. Waits at most `patience`, then `file_locked`.
  [[nodiscard]] virtual Result<std::unique_ptr<FileSystem::Lock>> lock_renewal(
      std::string_view profile, std::chrono::milliseconds patience) = 0;

  /// That a renewal has been sent for and nothing has come of it yet.
  struct Renewal {
    /// Of the credential that was to be renewed.
    std::int64_t version = 0;
    TimePoint begun_at;
  };

  [[nodiscard]] virtual Result<std::optional<Renewal>> load_renewal(std::string_view profile) = 0;
  virtual Status save_renewal(std::string_view profile, const Renewal& renewal) = 0;
  virtual Status erase_renewal(std::string_view profile) = 0;

  [[nodiscard]] virtual Result<std::optional<PendingLogin>> load_pending(
      std::string_view profile) = 0;
  virtual Status save_pending(std::string_view profile, const PendingLogin& pending) = 0;
  virtual Status erase_pending(std::string_view profile) = 0;

  /// The consumer's shared secret, for HMAC and PLAINTEXT, or the secret of an OAuth 2.0 client,
  /// and where it was given for.
  struct ConsumerSecret {
    IssuedFor issued_for;
    Secret secret;
  };

  [[nodiscard]] virtual Result<std::optional<ConsumerSecret>> load_consumer(
      std::string_view profile) = 0;
  virtual Status save_consumer(std::string_view profile, const ConsumerSecret& secret) = 0;
  virtual Status erase_consumer(std::string_view profile) = 0;

  /// Whether `save` can work for the profile, found out before a browser opens. Asks for whatever
  /// passphrase that will take.
  virtual Status check_writable(std::string_view profile) = 0;
};

/// Files of mode 0600 below `state_folder`, written atomically; refused when others can read them.
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_file_store(FileSystem& files,
                                                                          std::string state_folder);

/// A secret of the environment, and the variable that it stands in.
struct EnvironmentSecret {
  std::string variable;
  Secret value;
};

/// What `variable` gives for a profile: "`variable`_" and the profile's name in capitals ("-" and
/// "." as "_") counts more; an empty variable counts as unset. For a profile "secret" or "secret-…"
/// there is no specific ATLINK_OAUTH_TOKEN: its name would be that of a token secret.
[[nodiscard]] ATLINK_API std::optional<EnvironmentSecret> secret_from(
    const Environment& environment, std::string_view variable, std::string_view profile);

/// In front of `behind`: what the environment gives for a profile (see `secret_from`) is read-only
/// and comes first; all else goes to `behind`, whose `kind` this has. ATLINK_OAUTH_TOKEN with
/// ATLINK_OAUTH_TOKEN_SECRET is a credential of OAuth 1.0a, ATLINK_TOKEN a token of any method that
/// has one, ATLINK_PASSWORD one of Basic; `method` leaves those out that it has no use for.
/// ATLINK_CONSUMER_SECRET and ATLINK_CLIENT_SECRET are consumer secrets. A credential from the
/// environment has an empty `issued_for.base_url` and is bound by the caller to the profile in use;
/// it cannot be saved or erased (`credential_read_only`).
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_environment_store(
    const Environment& environment,
    std::unique_ptr<CredentialStore> behind,
    std::optional<SignInMethod> method = {});

}  // namespace atlink
