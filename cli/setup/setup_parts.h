// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/setup/setup_steps.h"

#include <initializer_list>
#include <string>
#include <vector>

/// One function a step. `act` false: says what it would do, and does nothing.
namespace atlink::cli::setup_parts {

using Words = std::vector<std::string>;

[[nodiscard]] Result<StepResult> keys_step(const Call& call,
                                           SetupShared& shared,
                                           SetupSite& site,
                                           bool act);
[[nodiscard]] Result<StepResult> profile_step(const Call& call,
                                              SetupShared& shared,
                                              SetupSite& site,
                                              bool act);
[[nodiscard]] Result<StepResult> link_step(const Call& call,
                                           SetupShared& shared,
                                           SetupSite& site,
                                           bool act);
[[nodiscard]] Result<StepResult> login_step(const Call& call,
                                            SetupShared& shared,
                                            SetupSite& site,
                                            bool act);
[[nodiscard]] Result<StepResult> check_step(const Call& call,
                                            SetupShared& shared,
                                            SetupSite& site,
                                            bool act);

/// A result without a step's name yet; `words` are the command that does the same.
[[nodiscard]] StepResult result_of(StepResult::Outcome outcome,
                                   std::string message,
                                   const Words& words = {});

/// The words with `--profile` of the site.
[[nodiscard]] Words for_profile(Words words, const SetupSite& site);

/// Adds options of this call, with their values, to the words of another.
void pass_on(const Call& call, std::initializer_list<const char*> names, Words& words);
void pass_flags(const Call& call, std::initializer_list<const char*> names, Words& words);

}  // namespace atlink::cli::setup_parts
