// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/secret.h"
#include "atlink/text.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atlink {

/// Where a credential was issued for. A credential is sent nowhere else; changing any of these asks
/// for a new sign-in.
struct IssuedFor {
  std::string product;
  /// Site plus context path, as BaseUrl writes it.
  std::string base_url;
  std::string consumer_key;
  /// Fingerprint of the public key that the sign-in was made with; empty for shared secrets.
  std::string key_fingerprint;
  /// What the profile's settings change of where the sign-in and the credential go: other
  /// endpoints, other origins. By name; without those that say what the description says.
  std::map<std::string, std::string> settings{};

  friend bool operator==(const IssuedFor&, const IssuedFor&) = default;
};

/// Names the first thing that differs, with both values, as `credential_elsewhere`.
[[nodiscard]] ATLINK_API Status check_issued_for(const IssuedFor& recorded, const IssuedFor& now);

/// Token credentials of OAuth 1.0a with all that the server said about them.
struct Credential {
  IssuedFor issued_for;
  std::string token;
  Secret token_secret;
  Secret session_handle;
  /// Who signed in, as far as known.
  std::string user;
  std::optional<TimePoint> issued_at;
  std::optional<TimePoint> expires_at;
  std::optional<TimePoint> session_ends_at;
  /// Counts the writes of this record.
  std::int64_t version = 0;
  /// From environment variables: cannot be changed or removed here.
  bool read_only = false;
};

/// A three-legged sign-in between its two halves.
struct PendingLogin {
  IssuedFor issued_for;
  std::string request_token;
  Secret request_token_secret;
  /// What was sent as oauth_callback.
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
  /// Fine where there is none.
  virtual Status erase(std::string_view profile) = 0;

  [[nodiscard]] virtual Result<std::optional<PendingLogin>> load_pending(
      std::string_view profile) = 0;
  virtual Status save_pending(std::string_view profile, const PendingLogin& pending) = 0;
  virtual Status erase_pending(std::string_view profile) = 0;

  /// The consumer's shared secret, for HMAC and PLAINTEXT, and where it was given for.
  struct ConsumerSecret {
    IssuedFor issued_for;
    Secret secret;
  };

  [[nodiscard]] virtual Result<std::optional<ConsumerSecret>> load_consumer(
      std::string_view profile) = 0;
  virtual Status save_consumer(std::string_view profile, const ConsumerSecret& secret) = 0;
  virtual Status erase_consumer(std::string_view profile) = 0;

  /// Whether `save` can work, found out before a browser opens.
  virtual Status check_writable() = 0;
};

/// Files of mode 0600 below `state_folder`, written atomically; refused when others can read them.
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_file_store(FileSystem& files,
                                                                          std::string state_folder);

/// In front of `behind`: what the environment gives for a profile (ATLINK_OAUTH_TOKEN,
/// ATLINK_OAUTH_TOKEN_SECRET, ATLINK_CONSUMER_SECRET, each also with "_" and the profile's name in
/// capitals appended, "-" and "." as "_"; the specific name wins; an empty variable counts as
/// unset) is read-only and comes first; all else goes to `behind`, whose `kind` this has. A
/// credential from the environment has an empty `issued_for.base_url` and is bound by the caller to
/// the profile in use; it cannot be saved or erased (`credential_read_only`). For a profile
/// "secret" or "secret-…" there is no specific token variable: its name would be that of a token
/// secret.
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_environment_store(
    const Environment& environment, std::unique_ptr<CredentialStore> behind);

}  // namespace atlink
