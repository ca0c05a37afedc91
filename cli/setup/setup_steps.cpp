// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/setup_steps.h"

#include "cli/inner_run.h"
#include "cli/session.h"
#include "cli/settings.h"
#include "cli/setup/setup_parts.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::cli {

namespace setup_parts {

StepResult result_of(StepResult::Outcome outcome, std::string message, const Words& words) {
  return {{}, outcome, std::move(message), words.empty() ? "" : command_line(words), {}};
}

Words for_profile(Words words, const SetupSite& site) {
  words.insert(words.end(), {"--profile", site.profile});
  return words;
}

void pass_on(const Call& call, std::initializer_list<const char*> names, Words& words) {
  for (const char* name : names) {
    for (std::string& value : call.arguments.values(name)) {
      words.insert(words.end(), {name, std::move(value)});
    }
  }
}

void pass_flags(const Call& call, std::initializer_list<const char*> names, Words& words) {
  for (const char* name : names) {
    if (call.arguments.has(name)) {
      words.emplace_back(name);
    }
  }
}

}  // namespace setup_parts

namespace {

using Outcome = StepResult::Outcome;

using Step = Result<StepResult> (*)(const Call&, SetupShared&, SetupSite&, bool act);

constexpr std::array<Step, 5> step_functions{setup_parts::keys_step,
                                             setup_parts::profile_step,
                                             setup_parts::link_step,
                                             setup_parts::login_step,
                                             setup_parts::check_step};

bool is_left_out(const Call& call, std::string_view step) {
  const std::vector<std::string> skipped = call.arguments.values("--skip");
  return std::find(skipped.begin(), skipped.end(), step) != skipped.end();
}

std::string step_heading(std::size_t index, std::string_view text) {
  return fmt::format(
      "step {} of {}, {}: {}", index + 1, step_functions.size(), setup_steps()[index].name, text);
}

void carry_out(const Call& call, SetupShared& shared, SetupSite& site, bool act) {
  const auto steps = setup_steps();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    StepResult result = setup_parts::result_of(Outcome::skipped, "left out with --skip");
    if (!is_left_out(call, steps[i].name)) {
      if (act) {
        call.report.note(step_heading(i, why_of(steps[i], site)));
      }
      auto made = step_functions.at(i)(call, shared, site, act);
      if (made) {
        result = *std::move(made);
      } else {
        result = setup_parts::result_of(Outcome::failed, made.error().message);
        result.error = std::move(made).error();
      }
    }
    result.step = steps[i].name;
    if (act && result.outcome == Outcome::skipped) {
      call.report.note(step_heading(i, result.message));
    } else if (act && !result.error) {
      call.report.note(fmt::format("  {}", result.message));
    }
    site.steps.push_back(std::move(result));
    if (site.steps.back().error) {
      return;
    }
  }
}

}  // namespace

void set_up(const Call& call, SetupShared& shared, SetupSite& site) {
  carry_out(call, shared, site, true);
}

void plan_setup(const Call& call, SetupShared& shared, SetupSite& site) {
  carry_out(call, shared, site, false);
}

Result<std::vector<std::string>> next_commands(const Call& call, const SetupSite& site) {
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(Profile profile, profiles.load(site.profile));
  // What curl is to trust is what the profile trusts.
  const std::string trusting =
      profile.ca_file.empty() ? "" : fmt::format(" --cacert {}", shell_word(profile.ca_file));
  ATLINK_ASSIGN(const Place place, place_of(call, std::move(profile)));
  std::string url = place.base.str();
  if (place.product.identity) {
    ATLINK_ASSIGN(const Url identity, place.base.at(place.product.identity->endpoint));
    url = identity.str();
  }
  const std::string name = shell_word(site.profile);
  return std::vector<std::string>{
      fmt::format("atlink request GET {} --profile {}", shell_word(url), name),
      site.method == "oauth1" ? fmt::format("atlink sign GET {0} --profile {1} | curl -H @-{2} {0}",
                                            shell_word(url),
                                            name,
                                            trusting)
                              : fmt::format("atlink doctor --profile {}", name),
      fmt::format("atlink status --profile {}", name)};
}

}  // namespace atlink::cli
