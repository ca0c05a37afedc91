// SPDX-License-Identifier: Apache-2.0
#include "atlink/key_files.h"
#include "atlink/oauth1.h"
#include "cli/inner_run.h"
#include "cli/settings.h"
#include "cli/setup/setup_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli::setup_parts {

namespace {

using Outcome = StepResult::Outcome;

constexpr std::size_t key_letters = 8;

Result<std::string> key_folder(const Call& call) {
  ATLINK_ASSIGN(const Folders folders, folders_from(call.app.platform.environment));
  return folders.config + "/keys";
}

// A name that says whose it is and that no other consumer of the server has.
Result<std::string> new_consumer_key(const Call& call) {
  ATLINK_ASSIGN(std::string letters, oauth1::make_nonce(call.app.platform.random));
  letters.resize(key_letters);
  std::transform(letters.begin(), letters.end(), letters.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return "atlink-" + letters;
}

Status choose_consumer_key(const Call& call, SetupShared& shared, SetupSite& site) {
  if (const auto named = call.arguments.value("--consumer-key")) {
    site.consumer_key = *named;
  }
  if (site.consumer_key.empty()) {
    if (shared.consumer_key.empty()) {
      ATLINK_ASSIGN(shared.consumer_key, new_consumer_key(call));
    }
    site.consumer_key = shared.consumer_key;
  }
  shared.consumer_key = site.consumer_key;
  return {};
}

Words profile_words(const Call& call, const SetupSite& site) {
  Words words{"profile", "set", site.profile};
  if (!site.profile_known) {
    words.insert(words.end(),
                 {"--product",
                  site.product,
                  "--url",
                  site.base_url,
                  "--context-path",
                  site.context_path,
                  "--deployment",
                  site.deployment});
  }
  words.insert(words.end(), {"--consumer-key", site.consumer_key});
  if (!site.private_key.empty()) {
    words.insert(words.end(), {"--private-key", site.private_key});
  }
  pass_on(call, {"--ca-file", "--set"}, words);
  pass_flags(call, {"--two-legged"}, words);
  return words;
}

// Whether `profile set` would change nothing: what it is given stands in the profile already.
bool is_settled(const Call& call, const SetupSite& site) {
  if (!site.profile_known || call.arguments.has("--ca-file") || call.arguments.has("--set") ||
      call.arguments.has("--two-legged")) {
    return false;
  }
  auto profiles = open_profiles(call);
  const auto known =
      profiles ? profiles->load(site.profile) : Result<Profile>(fail(profiles.error()));
  return known && known->consumer_key == site.consumer_key &&
         known->private_key == site.private_key;
}

}  // namespace

// One pair serves every site of a person: it is the profile's own, the named one, or that of the
// settings folder, which is made where it is missing.
Result<StepResult> keys_step(const Call& call, SetupShared& shared, SetupSite& site, bool act) {
  if (const auto named = call.arguments.value("--private-key")) {
    ATLINK_ASSIGN(site.private_key, absolute_path(call, *named));
    return result_of(Outcome::already, fmt::format("{} is used", site.private_key));
  }
  if (!site.private_key.empty()) {
    return result_of(Outcome::already, fmt::format("the profile has {}", site.private_key));
  }
  if (variable(call, "ATLINK_PRIVATE_KEY")) {
    return result_of(Outcome::already, "ATLINK_PRIVATE_KEY gives the key");
  }
  ATLINK_ASSIGN(const std::string folder, key_folder(call));
  site.private_key = key_pair_paths(folder).private_key;
  const Words words{"keygen", "--out", folder};
  ATLINK_ASSIGN(const KeyPairState state, inspect_key_pair(call.app.platform.files, folder));
  const bool there = state != KeyPairState::none && state != KeyPairState::public_missing;
  if (there || shared.private_key == site.private_key) {
    return result_of(Outcome::already, fmt::format("{} is used again", site.private_key));
  }
  if (!act) {
    return result_of(Outcome::planned, fmt::format("makes {}", site.private_key), words);
  }
  ATLINK_CHECK(run_inner(call, words));
  shared.private_key = site.private_key;
  return result_of(
      Outcome::done,
      fmt::format("made {}, which stays here and is shown to nobody", site.private_key),
      words);
}

Result<StepResult> profile_step(const Call& call, SetupShared& shared, SetupSite& site, bool act) {
  ATLINK_CHECK(choose_consumer_key(call, shared, site));
  const Words words = profile_words(call, site);
  if (is_settled(call, site)) {
    return result_of(Outcome::already, fmt::format("profile {} leads there", site.profile));
  }
  if (!act) {
    return result_of(Outcome::planned,
                     fmt::format("{} profile {} with consumer key {}",
                                 site.profile_known ? "changes" : "makes",
                                 site.profile,
                                 site.consumer_key),
                     words);
  }
  ATLINK_CHECK(run_inner(call, words));
  return result_of(Outcome::done,
                   fmt::format("profile {}, with consumer key {}", site.profile, site.consumer_key),
                   words);
}

}  // namespace atlink::cli::setup_parts
