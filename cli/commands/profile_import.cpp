// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/passphrases.h"
#include "cli/pins.h"
#include "cli/private_key.h"
#include "cli/profile_data.h"
#include "cli/session.h"
#include "cli/store_choice.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli::commands {

namespace {

constexpr unsigned file_mode = 0600;

Status check_new(ProfileStore& profiles, const std::string& name) {
  const auto known = profiles.load(name);
  if (!known && known.error().code == ErrorCode::profile_missing) {
    return {};
  }
  return fail(
      make_error(ErrorCode::file_exists,
                 fmt::format("there is a profile {} already, and nothing is overwritten", name),
                 fmt::format("give it another name with --name, or remove that one first: "
                             "atlink profile remove {}",
                             name))
          .with("profile", name));
}

// A file of ours that a killed import may have left; never one that says something else.
Status write_once(FileSystem& files, const std::string& path, std::string_view bytes) {
  const auto there = files.stat(path, false);
  if (!there && there.error().code == ErrorCode::file_not_found) {
    ATLINK_CHECK(files.make_folders(path.substr(0, path.rfind('/')), 0700));
    return files.write_all(path, bytes, file_mode);
  }
  if (!there) {
    return fail(there.error());
  }
  auto text = files.read_all(path);
  const Secret known = text ? Secret::take(*text) : Secret();
  if (text && there->kind == FileKind::regular && known.equals(bytes)) {
    return {};
  }
  return fail(make_error(ErrorCode::file_exists,
                         fmt::format("{} is there and holds something else", path),
                         "see whose it is, and remove or rename it; or import under another name "
                         "with --name")
                  .with("file", path));
}

// Key and certificates get files of their own, which the profile names.
Status place_files(const Call& call, const Bundle& bundle, Profile& profile) {
  FileSystem& files = call.app.platform.files;
  if (!bundle.private_key.empty()) {
    ATLINK_ASSIGN(profile.private_key, imported_key_path(call, profile.name));
    ATLINK_CHECK(write_once(files, profile.private_key, bundle.private_key.expose()));
  }
  if (!bundle.ca_pem.empty()) {
    ATLINK_ASSIGN(profile.ca_file, pin_path(call, profile.name));
    ATLINK_CHECK(write_once(files, profile.ca_file, bundle.ca_pem));
  }
  return {};
}

Status keep_secrets(const Call& call, const Bundle& bundle, const Profile& profile) {
  ATLINK_ASSIGN(const auto store, open_store_behind(call, profile.name, profile.store));
  if (!bundle.credential && !bundle.consumer) {
    return {};
  }
  ATLINK_CHECK(store->check_writable(profile.name));
  if (bundle.consumer) {
    ATLINK_CHECK(store->save_consumer(profile.name, *bundle.consumer));
  }
  return bundle.credential ? store->save(profile.name, *bundle.credential) : Status();
}

Status report_imported(Call& call, const Bundle& bundle, const Profile& profile) {
  if (call.report.json()) {
    json::Value object;
    object.set("profile", profile.name);
    object.set("base_url", base_url_text(profile));
    object.set("store", to_string(profile.store.kind));
    object.set("credential", bundle.credential.has_value());
    object.set("private_key", !bundle.private_key.empty());
    object.set("ca_file", !bundle.ca_pem.empty());
    return call.report.document(object);
  }
  call.report.note(fmt::format("profile {} leads to {} ({}); its secrets are in {}",
                               profile.name,
                               base_url_text(profile),
                               profile.product,
                               in_words(profile.store)));
  if (!bundle.ca_pem.empty()) {
    call.report.note(
        fmt::format("it trusts the certificates that came with it: {}", profile.ca_file));
  }
  return {};
}

Result<Bundle> opened(const Call& call, const std::string& file) {
  ATLINK_ASSIGN(const std::string bytes, call.app.platform.files.read_all(file, largest_bundle));
  ATLINK_CHECK(check_bundle(bytes, file));
  const std::string profile = call.arguments.value("--name").value_or(std::string());
  ATLINK_ASSIGN(const Passphrase passphrase, bundle_passphrase(call, profile, file, false));
  return open_bundle(bytes, passphrase.bytes, file);
}

Status run(Call& call) {
  ATLINK_ASSIGN(const std::string file, absolute_path(call, call.arguments.text("FILE")));
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(const Bundle bundle, opened(call, file));
  Profile profile = bundle.profile;
  profile.name = call.arguments.value("--name").value_or(profile.name);
  ATLINK_CHECK(check_profile_name(profile.name));
  ATLINK_CHECK(check_new(profiles, profile.name));
  ATLINK_ASSIGN(profile.store,
                named_choice(call, call.arguments.value("--store"), StoreChoice(), true));
  // A product that nobody knows here would make it of no use.
  ATLINK_CHECK(place_of(call, profile));
  ATLINK_CHECK(place_files(call, bundle, profile));
  ATLINK_CHECK(keep_secrets(call, bundle, profile));
  // Last: a killed import leaves no profile that is half there.
  ATLINK_ASSIGN(const bool kept, profiles.replace(std::nullopt, profile));
  if (!kept) {
    return check_new(profiles, profile.name);
  }
  ATLINK_CHECK(use_if_first(profiles, profile.name));
  return report_imported(call, bundle, profile);
}

constexpr std::array positionals{PositionalSpec{"FILE", "the bundle"}};
constexpr std::array options{
    OptionSpec{"--name", "NAME", "call the profile so here"},
    OptionSpec{"--store",
               "KIND",
               "where its secrets are kept here: file, sealed, keyring, command or auto"},
    key_file_option,
    store_command_option,
    passphrase_option,
};
constexpr std::array examples{
    Example{"atlink profile import work.bundle", "what profile export made"},
    Example{"atlink profile import work.bundle --name ci --store sealed",
            "under another name, and sealed here too"},
};

}  // namespace

const Command profile_import{
    "profile import",
    "make a profile of a sealed file",
    "Nothing is overwritten. The credential is good for the place that it was issued for and no "
    "other. With --key-file that file opens the bundle, and a sealed store here.",
    positionals,
    options,
    examples,
    run};

}  // namespace atlink::cli::commands
