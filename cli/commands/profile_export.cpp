// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/passphrases.h"
#include "cli/private_key.h"
#include "cli/session.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

constexpr unsigned file_mode = 0600;

// All that belongs to the profile, as it is stored: what the environment gives stays out.
Result<Bundle> bundle_of(const Call& call, Profile profile) {
  Bundle bundle;
  ATLINK_ASSIGN(const auto store, open_store_behind(call, profile.name, profile.store));
  ATLINK_ASSIGN(bundle.credential, store->load(profile.name));
  ATLINK_ASSIGN(bundle.consumer, store->load_consumer(profile.name));
  if (!profile.private_key.empty()) {
    ATLINK_ASSIGN(bundle.private_key, read_secret_file(call, profile.private_key));
  }
  if (!profile.ca_file.empty()) {
    ATLINK_ASSIGN(bundle.ca_pem, call.app.platform.files.read_all(profile.ca_file));
  }
  bundle.profile = std::move(profile);
  return bundle;
}

Status write_new(FileSystem& files, const std::string& path, const std::string& bytes) {
  auto file = files.open(path, OpenMode::create_new, file_mode);
  if (!file) {
    Error error = std::move(file).error();
    if (error.code == ErrorCode::file_exists) {
      error.next = "name another file; nothing is overwritten";
    }
    return fail(std::move(error));
  }
  Status written = (*file)->write(bytes);
  written = written ? (*file)->flush() : written;
  const Status closed = (*file)->close();
  written = written ? closed : written;
  if (!written) {
    static_cast<void>(files.unlink(path));
  }
  return written;
}

Status check_free(FileSystem& files, const std::string& path) {
  if (!files.stat(path, false)) {
    return {};
  }
  return fail(make_error(ErrorCode::file_exists,
                         fmt::format("{} is there already", path),
                         "name another file; nothing is overwritten")
                  .with("file", path));
}

Status run(Call& call) {
  const std::string name = call.arguments.text("NAME");
  ATLINK_CHECK(check_profile_name(name));
  ATLINK_ASSIGN(const std::string path, absolute_path(call, call.arguments.text("--out")));
  // Before anybody is asked for anything.
  ATLINK_CHECK(check_free(call.app.platform.files, path));
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(Profile profile, profiles.load(name));
  ATLINK_ASSIGN(const Bundle bundle, bundle_of(call, std::move(profile)));
  ATLINK_ASSIGN(const Passphrase passphrase, bundle_passphrase(call, name, "the bundle", true));
  ATLINK_ASSIGN(const std::string sealed,
                seal_bundle(call.app.platform.random, bundle, passphrase));
  ATLINK_CHECK(write_new(call.app.platform.files, path, sealed));
  const bool rotates = bundle.credential && !bundle.credential->refresh_token.empty();
  if (call.report.json()) {
    json::Value object;
    object.set("profile", name);
    object.set("file", path);
    object.set("credential", bundle.credential.has_value());
    object.set("private_key", !bundle.private_key.empty());
    object.set("rotates", rotates);
    return call.report.document(object);
  }
  call.report.note(fmt::format("{} holds profile {}{}{}, sealed",
                               path,
                               name,
                               bundle.credential ? ", its credential" : "",
                               bundle.private_key.empty() ? "" : ", its private key"));
  if (!bundle.profile.client_cert.empty() || !bundle.profile.proxy.empty()) {
    call.report.note(
        "its proxy and client certificate belong to this machine and are not in it: set them there "
        "(atlink profile set NAME --proxy URL --client-cert FILE)");
  }
  if (rotates) {
    call.report.warn(
        "its refresh token may be good for one of two machines only: use it there or here, not in "
        "both, or let them share a store (docs/stores.md)");
  }
  return {};
}

constexpr std::array positionals{PositionalSpec{"NAME", "the profile"}};
constexpr std::array options{
    OptionSpec{"--out", "FILE", "the bundle, which must not be there yet", false, true},
    key_file_option,
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink profile export work --out work.bundle",
            "a profile for a build machine, sealed with a passphrase"},
    Example{"atlink profile export work --out work.bundle --key-file bundle.key",
            "sealed with a key file"},
};

}  // namespace

const Command profile_export{
    "profile export",
    "put a profile with its secrets into a sealed file",
    "For build machines: profile, credential, shared secret, private key and trusted certificates. "
    "Without the passphrase or key file it is worth nothing.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
