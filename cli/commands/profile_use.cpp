// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/settings.h"

#include <fmt/format.h>

namespace atlink::cli::commands {

namespace {

Status run(Call& call) {
  const std::string name = call.arguments.text("NAME");
  ATLINK_CHECK(check_profile_name(name));
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(const Profile profile, profiles.load(name));
  ATLINK_CHECK(profiles.set_default(profile.name));
  if (call.report.json()) {
    json::Value object;
    object.set("default", name);
    return call.report.document(object);
  }
  call.report.note(fmt::format("{} is used where no profile is named", name));
  return {};
}

constexpr std::array positionals{PositionalSpec{"NAME", "the profile"}};
constexpr std::array examples{
    Example{"atlink profile use work", "from now on work is meant where none is named"},
};

}  // namespace

const Command profile_use{"profile use",
                          "choose the profile that is used where none is named",
                          {},
                          positionals,
                          {},
                          examples,
                          run};

}  // namespace atlink::cli::commands
