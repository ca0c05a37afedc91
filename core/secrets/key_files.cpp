// SPDX-License-Identifier: Apache-2.0
#include "atlink/key_files.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace atlink {

namespace {

constexpr unsigned private_mode = 0600;
constexpr unsigned public_mode = 0644;
constexpr unsigned folder_mode = 0700;
constexpr std::size_t largest_key = std::size_t{1} << 20;
constexpr std::chrono::seconds patience{10};

/// One at a time writes keys in a folder.
Result<std::unique_ptr<FileSystem::Lock>> lock_keys(FileSystem& files, const std::string& folder) {
  ATLINK_CHECK(files.make_folders(folder, folder_mode));
  return files.lock(folder + "/.atlink.lock", patience);
}

/// Whether anything stands at `path`, a link that leads nowhere included.
Result<bool> exists(FileSystem& files, const std::string& path) {
  const auto info = files.stat(path, false);
  if (!info && info.error().code != ErrorCode::file_not_found) {
    return fail(info.error());
  }
  return info.has_value();
}

/// A file's bytes; none where there is no file.
Result<std::optional<Secret>> read_key(FileSystem& files, const std::string& path) {
  auto text = files.read_all(path);
  if (!text) {
    if (text.error().code == ErrorCode::file_not_found) {
      return std::nullopt;
    }
    return fail(std::move(text).error());
  }
  return std::optional<Secret>(Secret::take(*text));
}

/// Copies a file to PATH.old, unless it already is what is about to be written there. It is not
/// renamed: then it would be missing for a moment.
Status keep_old(FileSystem& files,
                const std::string& path,
                unsigned mode,
                std::string_view replacement) {
  ATLINK_ASSIGN(const auto bytes, read_key(files, path));
  if (!bytes || bytes->equals(replacement)) {
    return {};
  }
  return files.write_all(path + ".old", bytes->expose(), mode);
}

Status write_public(FileSystem& files, const KeyPairPaths& paths, const RsaPrivateKey& key) {
  return files.write_all(paths.public_key, key.public_key().pem(), public_mode);
}

Status write_private(FileSystem& files, const KeyPairPaths& paths, const Secret& pem) {
  return files.write_all(paths.private_key, pem.expose(), private_mode);
}

Error already_there(const std::string& path) {
  return make_error(ErrorCode::file_exists,
                    fmt::format("{} is there already", path),
                    "choose another folder, or replace the pair with --force, which keeps the old "
                    "one as .old")
      .with("file", path);
}

/// What the two files of a folder make together, given the text of both.
KeyPairState judge_pair(const Secret& private_text, const std::optional<std::string>& public_text) {
  const auto key = RsaPrivateKey::parse(private_text.expose(), nullptr);
  if (!key) {
    return KeyPairState::private_unreadable;
  }
  if (!public_text) {
    return KeyPairState::public_missing;
  }
  const auto other_half = RsaPublicKey::parse(*public_text);
  return other_half && other_half->same_as(key->public_key()) ? KeyPairState::complete
                                                              : KeyPairState::public_foreign;
}

}  // namespace

Result<RsaPrivateKey> read_private_key(FileSystem& files,
                                       const std::string& path,
                                       const Secret* passphrase) {
  ATLINK_ASSIGN(std::string bytes, files.read_all(path, largest_key));
  auto key = RsaPrivateKey::parse(bytes, passphrase);
  wipe_memory(bytes.data(), bytes.size());
  if (!key) {
    return fail(std::move(key).error().with("file", path));
  }
  return key;
}

KeyPairPaths key_pair_paths(const std::string& folder) {
  return {folder + "/private.pem", folder + "/public.pem"};
}

Result<KeyPairState> inspect_key_pair(FileSystem& files, const std::string& folder) {
  const KeyPairPaths paths = key_pair_paths(folder);
  ATLINK_ASSIGN(const bool private_there, exists(files, paths.private_key));
  ATLINK_ASSIGN(const bool public_there, exists(files, paths.public_key));
  if (!private_there) {
    return public_there ? KeyPairState::public_only : KeyPairState::none;
  }
  const auto private_text = read_key(files, paths.private_key);
  if (!private_text || !*private_text) {
    return KeyPairState::private_unreadable;
  }
  std::optional<std::string> public_text;
  if (public_there) {
    // One that cannot be read belongs to nothing.
    public_text = files.read_all(paths.public_key).value_or("");
  }
  return judge_pair(**private_text, public_text);
}

Status write_key_pair(FileSystem& files,
                      const std::string& folder,
                      const RsaPrivateKey& key,
                      bool replace) {
  const KeyPairPaths paths = key_pair_paths(folder);
  ATLINK_ASSIGN(const Secret pem, key.pem());
  ATLINK_ASSIGN(const auto lock, lock_keys(files, folder));
  ATLINK_ASSIGN(const bool private_there, exists(files, paths.private_key));
  ATLINK_ASSIGN(const bool public_there, exists(files, paths.public_key));
  if (!replace && (private_there || public_there)) {
    return fail(already_there(private_there ? paths.private_key : paths.public_key));
  }
  ATLINK_CHECK(keep_old(files, paths.private_key, private_mode, pem.expose()));
  ATLINK_CHECK(keep_old(files, paths.public_key, public_mode, key.public_key().pem()));
  if (private_there) {
    // The private key comes last: a run that is killed before leaves the old one in its place, and
    // the next run keeps it as .old again. The public key can always be made from it.
    ATLINK_CHECK(write_public(files, paths, key));
    return write_private(files, paths, pem);
  }
  ATLINK_CHECK(write_private(files, paths, pem));
  return write_public(files, paths, key);
}

Status restore_public_key(FileSystem& files, const std::string& folder, const Secret* passphrase) {
  const KeyPairPaths paths = key_pair_paths(folder);
  ATLINK_ASSIGN(const auto text, read_key(files, paths.private_key));
  if (!text) {
    return fail(make_error(ErrorCode::key_missing,
                           fmt::format("there is no private key at {}", paths.private_key),
                           fmt::format("make a pair: atlink keygen --out '{}'", folder))
                    .with("file", paths.private_key));
  }
  auto key = RsaPrivateKey::parse(text->expose(), passphrase);
  if (!key) {
    return fail(std::move(key).error().with("file", paths.private_key));
  }
  ATLINK_ASSIGN(const auto lock, lock_keys(files, folder));
  ATLINK_CHECK(keep_old(files, paths.public_key, public_mode, key->public_key().pem()));
  return write_public(files, paths, *key);
}

}  // namespace atlink
