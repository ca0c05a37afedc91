// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/call.h"
#include "cli/setup/setup_site.h"

#include <string>

/// The steps of `setup`. Each adds one StepResult to the site; a step that was not asked for
/// (`--skip`) is said to be skipped.
namespace atlink::cli {

/// What the sites of one run share.
struct SetupShared {
  /// Made up once, for the sites whose profile has none.
  std::string consumer_key;
  std::string private_key;
};

/// Carries out every step of a site up to the first that fails, and tells a person about each.
void set_up(const Call& call, SetupShared& shared, SetupSite& site);

/// The same without doing anything: what each step would do.
void plan_setup(const Call& call, SetupShared& shared, SetupSite& site);

/// Commands to try next; for a site that signed in.
[[nodiscard]] Result<std::vector<std::string>> next_commands(const Call& call,
                                                             const SetupSite& site);

}  // namespace atlink::cli
