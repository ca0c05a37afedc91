// SPDX-License-Identifier: Apache-2.0
#include "cli/pins.h"

#include "atlink/certificate.h"
#include "atlink/text.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

constexpr unsigned file_mode = 0600;
constexpr int most_tries = 5;

// Somebody may change the profile at the same time.
Result<std::string> point_profile_to(const Call& call,
                                     const std::string& name,
                                     const std::string& file) {
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  for (int i = 0; i < most_tries; ++i) {
    ATLINK_ASSIGN(const Profile before, profiles.load(name));
    Profile after = before;
    after.ca_file = file;
    ATLINK_ASSIGN(const bool replaced, profiles.replace(before, after));
    if (replaced) {
      return before.ca_file;
    }
  }
  return fail(ErrorCode::file_locked,
              fmt::format("profile {} is being changed by somebody else", name),
              "run the command again");
}

std::string named(const Certificate& certificate) {
  return fmt::format("\"{}\" (SHA-256 {})", certificate.subject, certificate.fingerprint);
}

// Why what a pin says no longer fits.
std::string story(const Certificate& pinned, const Profile& profile, TimePoint now) {
  if (pinned.not_after < now) {
    return fmt::format("profile {} trusts only {}, which expired at {}",
                       profile.name,
                       named(pinned),
                       to_rfc3339(pinned.not_after));
  }
  return fmt::format(
      "profile {} trusts only {}, valid until {}, and what the server presents now does not come "
      "from it: its certificate was changed, or this is not the server",
      profile.name,
      named(pinned),
      to_rfc3339(pinned.not_after));
}

bool speaks_of_trust(std::string_view reason) {
  return reason != "wrong_name" && reason != "not_yet_valid" && reason != "revoked";
}

// What comes from the pin may have expired by itself, and then trusting anew does not help.
bool tells_story(std::string_view reason, const Certificate& pinned, TimePoint now) {
  return speaks_of_trust(reason) && (reason != "expired" || pinned.not_after < now);
}

}  // namespace

Result<std::string> pin_path(const Call& call, std::string_view profile) {
  ATLINK_CHECK(check_profile_name(profile));
  ATLINK_ASSIGN(const Folders folders, folders_from(call.app.platform.environment));
  return fmt::format("{}/certificates/{}.pem", folders.config, profile);
}

Result<std::string> keep_pin(const Call& call,
                             const std::string& profile,
                             std::string_view pem,
                             std::string_view note) {
  ATLINK_ASSIGN(const std::string file, pin_path(call, profile));
  FileSystem& files = call.app.platform.files;
  const std::string folder = file.substr(0, file.rfind('/'));
  ATLINK_CHECK(files.make_folders(folder, 0700));
  ATLINK_ASSIGN(const auto alone, files.lock(folder + ".lock", std::chrono::seconds(10)));
  ATLINK_CHECK(files.write_all(file, fmt::format("# {}\n{}", note, pem), file_mode));
  return point_profile_to(call, profile, file);
}

Status erase_pin(const Call& call, std::string_view profile) {
  ATLINK_ASSIGN(const std::string file, pin_path(call, profile));
  Status removed = call.app.platform.files.unlink(file);
  if (!removed && removed.error().code != ErrorCode::file_not_found) {
    return removed;
  }
  return {};
}

Error with_pin(const Call& call, const Profile& profile, Error error) {
  const bool told = !error.fact("ca_file").empty();
  if (error.code != ErrorCode::network_certificate || profile.ca_file.empty() || told) {
    return error;
  }
  error = std::move(error).with("ca_file", profile.ca_file);
  const auto own = pin_path(call, profile.name);
  if (!own || profile.ca_file != *own) {
    return error;
  }
  const auto text = call.app.platform.files.read_all(*own);
  const auto pinned = text ? read_certificates(*text) : fail(text.error());
  const TimePoint now = call.app.platform.clock.now();
  if (!pinned || !tells_story(error.fact("reason"), pinned->front(), now)) {
    return error;
  }
  error.message += "; " + story(pinned->front(), profile, now);
  error.next = fmt::format(
      "compare the fingerprint of what it presents now with what the server's administrator says: "
      "atlink trust {} --profile {}",
      shell_word(profile.site),
      profile.name);
  return error;
}

Error with_chosen_pin(const Call& call, Error error) {
  if (error.code != ErrorCode::network_certificate) {
    return error;
  }
  const auto profile = chosen_profile(call);
  const bool used = profile && error.fact("url").substr(0, profile->site.size()) == profile->site;
  return used ? with_pin(call, *profile, std::move(error)) : error;
}

}  // namespace atlink::cli
