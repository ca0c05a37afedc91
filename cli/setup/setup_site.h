// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/result.h"
#include "cli/call.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What `setup` sets up, and how far it has come.
namespace atlink::cli {

/// One step of a set-up. Each looks first whether there is anything left to do, so that a run goes
/// on where the one before it stopped.
struct SetupStep {
  std::string_view name;
  /// What it is for; one line for a person who does this for the first time.
  std::string_view why;
};

/// All steps, in their order.
[[nodiscard]] std::span<const SetupStep> setup_steps();

struct SetupSite;

/// What a step is for at this site, whose way to sign in may have no use for it.
[[nodiscard]] std::string_view why_of(const SetupStep& step, const SetupSite& site);

/// How a step ended.
struct StepResult {
  enum class Outcome { planned, done, already, skipped, failed };
  std::string_view step;
  Outcome outcome = Outcome::planned;
  /// What came of it, or what it would do.
  std::string message;
  /// The command that does the same by itself; empty where there is none.
  std::string command;
  std::optional<Error> error;
};

/// "planned", "done", "already", "skipped", "failed".
[[nodiscard]] std::string_view to_string(StepResult::Outcome outcome);

/// One product at one base URL.
struct SetupSite {
  std::string product;
  std::string name;
  std::string deployment;
  /// Empty where the site does not tell it.
  std::string version;
  std::string base_url;
  std::string context_path;
  std::string profile;
  /// Whether the profile was there before.
  bool profile_known = false;
  std::string consumer_key;
  /// Absolute path; empty where the environment gives the key.
  std::string private_key;
  /// How to sign in, as --method or the profile says it; empty: OAuth 1.0a, by a link.
  std::string way;
  /// What goes with a password, API token or OAuth 2.0; empty where it is not needed or not known.
  std::string account;
  /// Once it has signed in: who, and by which method.
  std::string user;
  std::string method;
  std::vector<StepResult> steps;

  /// Whether an administrator has to make a link for it.
  [[nodiscard]] bool needs_link() const { return way.empty() || way == "oauth1"; }

  /// The error of the step that failed, or null.
  [[nodiscard]] const Error* failure() const;
};

/// Finds out what there is to set up at `url`: what `--product` says, else what the site shows
/// without a credential (with `--all` every product that it has). Gives each a profile: one that
/// leads there already, else a new name. Fails like `detect`, with the option that answers what it
/// could not find out.
[[nodiscard]] Result<std::vector<SetupSite>> find_setup_sites(const Call& call);

}  // namespace atlink::cli
