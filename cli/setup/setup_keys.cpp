// SPDX-License-Identifier: Apache-2.0
#include "atlink/key_files.h"
#include "atlink/oauth1.h"
#include "atlink/text.h"
#include "cli/inner_run.h"
#include "cli/settings.h"
#include "cli/setup/setup_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// The option of `profile set` for what a way to sign in wants to know beside its secret.
struct AccountOption {
  std::string_view way;
  std::string_view name;
  std::string_view question;
};

constexpr std::array account_options{
    AccountOption{"basic", "--user", "user name"},
    AccountOption{"api-token", "--user", "user name that goes with the API token"},
    AccountOption{"oauth2", "--client-id", "client id, as the program is registered"},
    AccountOption{"client-credentials", "--client-id", "client id, as the program is registered"}};

const AccountOption* account_option(const SetupSite& site) {
  const auto* const found = std::find_if(account_options.begin(),
                                         account_options.end(),
                                         [&](const auto& each) { return each.way == site.way; });
  return found == account_options.end() ? nullptr : found;
}

// What was given counts; else what the profile has; else somebody is asked.
Status choose_account(const Call& call, SetupSite& site, bool act) {
  const AccountOption* const option = account_option(site);
  if (option == nullptr) {
    return {};
  }
  if (const auto given = call.arguments.value(option->name)) {
    site.account = *given;
  }
  if (!site.account.empty() || !act || !may_ask(call)) {
    return {};
  }
  ATLINK_ASSIGN(
      const std::string answer,
      call.app.platform.terminal.ask(fmt::format("{} at {}: ", option->question, site.base_url)));
  site.account = trim(answer);
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
  if (site.needs_link()) {
    words.insert(words.end(), {"--consumer-key", site.consumer_key});
  }
  if (site.needs_link() && !site.private_key.empty()) {
    words.insert(words.end(), {"--private-key", site.private_key});
  }
  if (!site.way.empty()) {
    words.insert(words.end(), {"--method", site.way});
  }
  if (const AccountOption* option = account_option(site);
      option != nullptr && !site.account.empty()) {
    words.insert(words.end(), {std::string(option->name), site.account});
  }
  pass_on(call, {"--ca-file", "--set", "--redirect-uri", "--scope"}, words);
  pass_flags(call, {"--two-legged"}, words);
  return words;
}

// Whether `profile set` would change nothing: what it is given stands in the profile already.
bool is_settled(const Call& call, const SetupSite& site) {
  constexpr std::array always_set{
      "--ca-file", "--set", "--two-legged", "--redirect-uri", "--scope"};
  const bool is_given = std::any_of(always_set.begin(), always_set.end(), [&](const char* option) {
    return call.arguments.has(option);
  });
  if (!site.profile_known || is_given) {
    return false;
  }
  auto profiles = open_profiles(call);
  const auto known =
      profiles ? profiles->load(site.profile) : Result<Profile>(fail(profiles.error()));
  const bool same_way =
      site.way.empty() || (known && known->method && to_string(*known->method) == site.way);
  if (!site.needs_link()) {
    const bool same = known && (known->user == site.account || known->client_id == site.account);
    return same && same_way;
  }
  return known && same_way && known->consumer_key == site.consumer_key &&
         known->private_key == site.private_key;
}

std::string what_it_says(const SetupSite& site) {
  return site.needs_link() ? fmt::format("with consumer key {}", site.consumer_key)
                           : fmt::format("signing in by {}", site.way);
}

}  // namespace

// One pair serves every site of a person: it is the profile's own, the named one, or that of the
// settings folder, which is made where it is missing.
Result<StepResult> keys_step(const Call& call, SetupShared& shared, SetupSite& site, bool act) {
  if (!site.needs_link()) {
    return result_of(Outcome::already, fmt::format("signing in by {} needs no key", site.way));
  }
  if (call.arguments.has("--private-key")) {
    return result_of(Outcome::already, fmt::format("{} is used", site.private_key));
  }
  ATLINK_ASSIGN(const std::string folder, key_folder(call));
  const std::string own_key = key_pair_paths(folder).private_key;
  if (!site.private_key.empty() && site.private_key != own_key) {
    return result_of(Outcome::already, fmt::format("the profile has {}", site.private_key));
  }
  if (variable(call, "ATLINK_PRIVATE_KEY")) {
    return result_of(Outcome::already, "ATLINK_PRIVATE_KEY gives the key");
  }
  site.private_key = own_key;
  const Words words{"keygen", "--out", folder};
  ATLINK_ASSIGN(const KeyPairState state, inspect_key_pair(call.app.platform.files, folder));
  const bool there = state != KeyPairState::none && state != KeyPairState::public_missing;
  if (there || shared.private_key == site.private_key) {
    return result_of(Outcome::already, fmt::format("{} is used again", site.private_key));
  }
  if (act) {
    ATLINK_CHECK(run_inner(call, words));
  }
  shared.private_key = site.private_key;
  if (!act) {
    return result_of(Outcome::planned, fmt::format("makes {}", site.private_key), words);
  }
  return result_of(
      Outcome::done,
      fmt::format("made {}, which stays here and is shown to nobody", site.private_key),
      words);
}

Result<StepResult> profile_step(const Call& call, SetupShared& shared, SetupSite& site, bool act) {
  ATLINK_CHECK(site.needs_link() ? choose_consumer_key(call, shared, site)
                                 : choose_account(call, site, act));
  const Words words = profile_words(call, site);
  if (is_settled(call, site)) {
    return result_of(Outcome::already, fmt::format("profile {} leads there", site.profile));
  }
  if (!act) {
    return result_of(Outcome::planned,
                     fmt::format("{} profile {} {}",
                                 site.profile_known ? "changes" : "makes",
                                 site.profile,
                                 what_it_says(site)),
                     words);
  }
  ATLINK_CHECK(run_inner(call, words));
  return result_of(
      Outcome::done, fmt::format("profile {}, {}", site.profile, what_it_says(site)), words);
}

}  // namespace atlink::cli::setup_parts
