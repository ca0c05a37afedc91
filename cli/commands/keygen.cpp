// SPDX-License-Identifier: Apache-2.0
#include "atlink/key_files.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/private_key.h"
#include "cli/settings.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

constexpr std::int64_t usual_bits = 2048;
constexpr std::int64_t most_bits = 4096;

// What the command did, for `report_pair`.
struct Made {
  RsaPublicKey key;
  bool private_key = false;
  bool replaced = false;
};

Status report_pair(Call& call, const std::string& folder, const Made& made) {
  const KeyPairPaths paths = key_pair_paths(folder);
  if (call.report.json()) {
    json::Value object;
    object.set("private_key", paths.private_key);
    object.set("public_key", paths.public_key);
    object.set("bits", made.key.bits());
    object.set("fingerprint", made.key.fingerprint());
    object.set("made", made.private_key ? "pair" : "public_key");
    object.set("old_kept", made.replaced);
    return call.report.document(object);
  }
  ATLINK_CHECK(call.report.bytes(lay_out_pairs({
      {"private key", paths.private_key},
      {"public key", paths.public_key},
      {"size", fmt::format("{} bits", made.key.bits())},
      {"fingerprint", made.key.fingerprint()},
  })));
  call.report.note(made.private_key
                       ? "the public key goes into the application link (atlink link show); the "
                         "private key stays here and is shown to nobody"
                       : "the private key is as it was; its public key was made again");
  if (made.replaced) {
    call.report.note("what was there before is kept with .old appended");
  }
  return {};
}

Status make_pair(Call& call, const std::string& folder, bool replace) {
  ATLINK_ASSIGN(const std::int64_t bits,
                call.arguments.integer("--bits", usual_bits, most_bits, usual_bits));
  ATLINK_ASSIGN(const RsaPrivateKey key, RsaPrivateKey::generate(static_cast<int>(bits)));
  ATLINK_ASSIGN(const KeyPairState before, inspect_key_pair(call.app.platform.files, folder));
  ATLINK_CHECK(write_key_pair(call.app.platform.files, folder, key, replace));
  return report_pair(call, folder, {key.public_key(), true, before != KeyPairState::none});
}

Status make_public(Call& call, const std::string& folder, bool replaces) {
  FileSystem& files = call.app.platform.files;
  const std::string path = key_pair_paths(folder).private_key;
  ATLINK_ASSIGN(const Secret bytes, read_secret_file(call, path));
  ATLINK_ASSIGN(const OpenedKey opened, open_private_key(call, bytes, path));
  ATLINK_CHECK(
      restore_public_key(files, folder, opened.passphrase ? &*opened.passphrase : nullptr));
  return report_pair(call, folder, {opened.key.public_key(), false, replaces});
}

tl::unexpected<Error> no_private_key(const std::string& folder) {
  return fail(make_error(ErrorCode::key_missing,
                         fmt::format("there is no private key in {}", folder),
                         fmt::format("atlink keygen --out '{}' makes a pair", folder))
                  .with("file", key_pair_paths(folder).private_key));
}

tl::unexpected<Error> in_the_way(KeyPairState state, const std::string& folder) {
  const KeyPairPaths paths = key_pair_paths(folder);
  const std::string force = fmt::format(
      "atlink keygen --out '{}' --force makes a new pair and keeps the old as .old", folder);
  switch (state) {
    case KeyPairState::public_foreign:
      return fail(ErrorCode::key_mismatch,
                  fmt::format("{} does not belong to {}", paths.public_key, paths.private_key),
                  fmt::format("atlink keygen --out '{}' --public-only makes it again", folder));
    case KeyPairState::public_only:
      return fail(ErrorCode::file_exists,
                  fmt::format("{} is there without its private key", paths.public_key),
                  force);
    case KeyPairState::private_unreadable:
      return fail(
          ErrorCode::file_exists,
          fmt::format("{} is there; it needs a passphrase, or is damaged", paths.private_key),
          fmt::format(
              "atlink keygen --out '{}' --public-only tries to read it; {}", folder, force));
    default:
      return fail(
          ErrorCode::file_exists, fmt::format("{} holds a key pair already", folder), force);
  }
}

// An empty name is what a script passes whose variable is not set; the key must not land in the
// working directory then.
Result<std::string> folder_named(const Call& call) {
  std::string folder = call.arguments.text("--out");
  if (folder.empty()) {
    return fail(
        ErrorCode::usage, "--out names no folder", "name one; . is the working directory itself");
  }
  while (folder.size() > 1 && folder.back() == '/') {
    folder.pop_back();
  }
  return absolute_path(call, folder);
}

Status run(Call& call) {
  ATLINK_ASSIGN(const std::string folder, folder_named(call));
  const bool force = call.arguments.has("--force");
  const bool public_only = call.arguments.has("--public-only");
  if (force && public_only) {
    return fail(ErrorCode::usage, "--force makes a new pair, --public-only keeps the old one");
  }
  ATLINK_ASSIGN(const KeyPairState state, inspect_key_pair(call.app.platform.files, folder));
  if (public_only) {
    if (state == KeyPairState::none || state == KeyPairState::public_only) {
      return no_private_key(folder);
    }
    return make_public(call, folder, state != KeyPairState::public_missing);
  }
  if (state == KeyPairState::none || force) {
    return make_pair(call, folder, force);
  }
  // What a killed run leaves; the public half is made from the private one and replaces nothing.
  if (state == KeyPairState::public_missing) {
    call.report.note(fmt::format("{} was missing", key_pair_paths(folder).public_key));
    return make_public(call, folder, false);
  }
  return in_the_way(state, folder);
}

constexpr std::array options{
    OptionSpec{"--out", "DIR", "the folder for private.pem and public.pem", false, true},
    OptionSpec{"--bits", "N", "2048 (the default), 3072 or 4096"},
    OptionSpec{"--force", "", "make a new pair although there is one; it is kept as .old"},
    OptionSpec{"--public-only", "", "make public.pem again from private.pem"},
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink keygen --out ~/.config/atlink/keys", "a new pair of 2048 bits"},
    Example{"atlink keygen --out keys --bits 4096 --force", "a larger one in place of an old one"},
    Example{"atlink keygen --out keys --public-only", "the public half of a key that is there"},
};

}  // namespace

const Command keygen{
    "keygen",
    "make an RSA key pair for the application link",
    "Writes DIR/private.pem (mode 0600, PKCS#8) and DIR/public.pem. Never overwrites a key unless "
    "told to by --force. Where only public.pem is missing, it is made again.",
    {},
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
