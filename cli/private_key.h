// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/profile.h"
#include "atlink/rsa_key.h"
#include "atlink/secret.h"
#include "cli/call.h"

#include <optional>
#include <string>
#include <string_view>

namespace atlink::cli {

/// The option of every command that may have to open a protected private key.
inline constexpr OptionSpec passphrase_option{
    "--passphrase-fd",
    "N",
    "read the passphrase of sealed store and private key from this file descriptor"};

/// Refuses a text that should name a key file and is the key itself, its BEGIN line or line breaks
/// lost perhaps: an error about a missing file would show it. `name` is what gave the text.
[[nodiscard]] Status refuse_key_as_path(const Call& call,
                                        std::string_view text,
                                        std::string_view name);

/// A whole small file; "-" is standard input. The bytes are wiped with the Secret.
[[nodiscard]] Result<Secret> read_secret_file(const Call& call, const std::string& path);

/// The same without the line break at the end: a secret or passphrase that was written by an editor
/// or `echo`. Standard input is read once a run, and gives `option` the same secret each time. Fails
/// with `usage` where another option has taken it.
[[nodiscard]] Result<Secret> read_secret_line(const Call& call,
                                              std::string_view option,
                                              const std::string& path);

/// Reads the descriptor of --passphrase-fd, where one is named and it was not read yet. One line
/// serves whatever needs one; of two, the first opens the sealed store and the second the private
/// key.
[[nodiscard]] Status read_passphrase_lines(const Call& call);

/// The passphrase from --passphrase-fd or ATLINK_PRIVATE_KEY_PASSPHRASE, if there is one.
[[nodiscard]] Result<std::optional<Secret>> given_passphrase(const Call& call);

/// A private key and the passphrase that opened it, if it took one.
struct OpenedKey {
  RsaPrivateKey key;
  std::optional<Secret> passphrase;
};

/// Reads a private key, asking for its passphrase where it needs one, none was given and somebody
/// can answer. `name` is what the question and the errors call it.
[[nodiscard]] Result<OpenedKey> open_private_key(const Call& call,
                                                 const Secret& bytes,
                                                 const std::string& name);

/// The key of a profile: ATLINK_PRIVATE_KEY (a file, or the PEM text itself), else the profile's
/// file. Warns where others can read the file. Fails with `key_missing` and all that
/// `open_private_key` does.
[[nodiscard]] Result<RsaPrivateKey> private_key_of(const Call& call, const Profile& profile);

}  // namespace atlink::cli
