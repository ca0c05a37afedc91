// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/export.h"
#include "atlink/platform.h"
#include "atlink/result.h"
#include "atlink/rsa_key.h"

#include <string>

namespace atlink {

/// The key in a file of any form that `RsaPrivateKey::parse` reads, 1 MiB at most. Fails like it
/// and like `FileSystem::open`, with the fact `file`.
[[nodiscard]] ATLINK_API Result<RsaPrivateKey> read_private_key(FileSystem& files,
                                                                const std::string& path,
                                                                const Secret* passphrase = nullptr);

/// Where a pair is kept: `folder`/private.pem and `folder`/public.pem.
struct KeyPairPaths {
  std::string private_key;
  std::string public_key;
};

/// The paths of the pair in a folder, whether they are there or not.
[[nodiscard]] ATLINK_API KeyPairPaths key_pair_paths(const std::string& folder);

/// What stands in a key folder.
enum class KeyPairState {
  none,               ///< neither file
  complete,           ///< both, and they belong together
  public_missing,     ///< only the private key
  public_foreign,     ///< a public key of another pair, or none that can be read
  public_only,        ///< a public key without its private one
  private_unreadable  ///< a private key that cannot be read without help (passphrase, damage)
};

/// Looks without changing anything. Fails only where the folder cannot be read.
[[nodiscard]] ATLINK_API Result<KeyPairState> inspect_key_pair(FileSystem& files,
                                                               const std::string& folder);

/// Writes a pair: private.pem with mode 0600 as PKCS#8, and public.pem with 0644; the folder is
/// made with 0700 if missing. Fails with `file_exists` where either file is there and `replace` is
/// off; with it the old files are kept with ".old" appended (replacing an older ".old"). Killed at
/// any moment, private.pem is the old or the new key, whole, and never missing once it was there;
/// an old private key that is not there any more stands in private.pem.old, also when the run is
/// repeated. A lock file ".atlink.lock" stays in the folder.
Status ATLINK_API write_key_pair(FileSystem& files,
                                 const std::string& folder,
                                 const RsaPrivateKey& key,
                                 bool replace);

/// Makes public.pem again from private.pem. A public.pem that is there is kept as ".old". Fails
/// with `key_missing` without a private key, and with what reading it says (`key_passphrase` …).
Status ATLINK_API restore_public_key(FileSystem& files,
                                     const std::string& folder,
                                     const Secret* passphrase);

}  // namespace atlink
