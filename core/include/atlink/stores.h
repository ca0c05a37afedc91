// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/credential.h"
#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/profile.h"
#include "atlink/result.h"
#include "atlink/secret.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Places for credentials beside the 0600 file, and bundles that carry a profile elsewhere. What
/// each protects from: docs/security.md.
namespace atlink {

/// What guessing one passphrase costs: scrypt's N = 2^log2_n, r and p (RFC 7914).
struct SealCost {
  unsigned log2_n = 16;
  unsigned r = 8;
  unsigned p = 1;
};

/// For the bytes of a key file of 32 bytes and more, which nobody guesses.
inline constexpr SealCost key_file_cost{10, 8, 1};

/// What opens sealed files.
struct Passphrase {
  Secret bytes;
  SealCost cost{};
};

/// Knows the passphrases of profiles, or asks somebody.
class ATLINK_API Passphrases {
 public:
  Passphrases() = default;
  virtual ~Passphrases();
  Passphrases(const Passphrases&) = delete;
  Passphrases& operator=(const Passphrases&) = delete;
  /// `is_new`: nothing has been sealed with it yet, so whoever types it types it twice. Fails with
  /// `store_passphrase` or `no_terminal` where there is none.
  [[nodiscard]] virtual Result<Passphrase> of(std::string_view profile, bool is_new) = 0;
};

/// Keys that were made of passphrases, so that several stores of one run make each but once.
class SealedKeys;
[[nodiscard]] ATLINK_API std::shared_ptr<SealedKeys> make_sealed_keys();

/// Files as those of `make_file_store`, each encrypted and authenticated with AES-256-GCM under a
/// key that scrypt makes of the profile's passphrase. A record cannot be passed off as another
/// profile's or kind's. A wrong passphrase is `store_passphrase` (fact "passphrase": "wrong"),
/// damage is `file_damaged`.
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_sealed_store(
    const Platform& platform,
    std::string state_folder,
    std::shared_ptr<Passphrases> passphrases,
    std::shared_ptr<SealedKeys> keys = make_sealed_keys());

/// A program that keeps the records, one run a call: docs/stores.md. `command` is its absolute path
/// and arguments. Several machines may share what is behind it. `state_folder` is for locks of this
/// machine, which spare the program calls; may be empty.
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_command_store(
    const Platform& platform, std::string state_folder, std::vector<std::string> command);

/// A keyring of the desktop. No call lasts longer than its deadline.
class ATLINK_API Keyring {
 public:
  /// What an entry is found by.
  struct Entry {
    std::string profile;
    std::string record;
  };

  Keyring() = default;
  virtual ~Keyring();
  Keyring(const Keyring&) = delete;
  Keyring& operator=(const Keyring&) = delete;
  /// None where there is no such entry. All fail with `store_unavailable` (no keyring answers),
  /// `store_locked`, `store_timeout`, `store_failed`.
  [[nodiscard]] virtual Result<std::optional<Secret>> get(const Entry& entry) = 0;
  virtual Status put(const Entry& entry, const Secret& text) = 0;
  virtual Status erase(const Entry& entry) = 0;
  /// Whether `put` can work.
  virtual Status check() = 0;
};

/// The user's Secret Service. The module `keyring` is loaded with the first call. `may_prompt`: the
/// service may ask the person to unlock it, and is given longer.
[[nodiscard]] ATLINK_API std::unique_ptr<Keyring> make_keyring(bool may_prompt);

/// Records as entries of a keyring; locks and the renewal journal, which hold no secret, are files
/// below `state_folder`.
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_keyring_store(
    const Platform& platform, std::string state_folder, std::unique_ptr<Keyring> keyring);

/// A store that is never written: what stands in front of it (`make_environment_store`) gives
/// everything. Saving fails with `problem`.
[[nodiscard]] ATLINK_API std::unique_ptr<CredentialStore> make_empty_store(std::string kind,
                                                                           Error problem);

/// Copies what `from` keeps for a profile to `to`, reads it back and compares; what `to` had of the
/// profile is replaced. Gives the version of the credential in `from`, 0 for none. Where it fails,
/// `from` is as it was.
[[nodiscard]] ATLINK_API Result<std::int64_t> copy_secrets(CredentialStore& from,
                                                           CredentialStore& to,
                                                           std::string_view profile);

/// Erases all that a store keeps for a profile.
ATLINK_API Status erase_secrets(CredentialStore& store, std::string_view profile);

/// A profile with all that it takes to use it on another machine.
struct Bundle {
  Profile profile;
  std::optional<Credential> credential;
  std::optional<CredentialStore::ConsumerSecret> consumer;
  /// The bytes of the files that the profile names; empty where it names none.
  Secret private_key;
  std::string ca_pem;
};

/// Seals a bundle with a passphrase.
[[nodiscard]] ATLINK_API Result<std::string> seal_bundle(RandomSource& random,
                                                         const Bundle& bundle,
                                                         const Passphrase& passphrase);

/// Opens one that somebody gave: everything in it is validated, and nothing in it names a program,
/// a store or a path of this machine. `name` is what messages call it. Fails with
/// `store_passphrase`, `file_damaged`, `profile_invalid`.
[[nodiscard]] ATLINK_API Result<Bundle> open_bundle(std::string_view bytes,
                                                    const Secret& passphrase,
                                                    const std::string& name);

/// Whether bytes can be a bundle at all, before anybody is asked for its passphrase. `name` is what
/// messages call it. Fails with `file_damaged`.
ATLINK_API Status check_bundle(std::string_view bytes, const std::string& name);

/// The largest bundle that is read.
inline constexpr std::size_t largest_bundle = std::size_t{4} << 20;

}  // namespace atlink
