// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/profile_data.h"
#include "cli/settings.h"

#include <array>
#include <utility>

namespace atlink::cli::commands {

namespace {

// Variables that count instead of the profile when it is used.
constexpr std::array overriding{"ATLINK_URL",
                                "ATLINK_CONTEXT_PATH",
                                "ATLINK_PRODUCT",
                                "ATLINK_DEPLOYMENT",
                                "ATLINK_CONSUMER_KEY",
                                "ATLINK_PRIVATE_KEY",
                                "ATLINK_CA_FILE",
                                "ATLINK_SIGNATURE_METHOD",
                                "ATLINK_TWO_LEGGED",
                                "ATLINK_METHOD",
                                "ATLINK_USER",
                                "ATLINK_CLIENT_ID"};

Result<std::string> name_to_show(const Call& call) {
  if (const auto name = call.arguments.value("NAME")) {
    return *name;
  }
  ATLINK_ASSIGN(const auto chosen, chosen_name(call));
  if (!chosen) {
    return fail(ErrorCode::usage, "NAME is missing: which profile to show", "atlink profile list");
  }
  return *chosen;
}

Status run(Call& call) {
  ATLINK_ASSIGN(const std::string name, name_to_show(call));
  ATLINK_CHECK(check_profile_name(name));
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(const Profile profile, profiles.load(name));
  ATLINK_ASSIGN(const auto chosen, profiles.default_name());
  json::Array overridden;
  for (const char* each : overriding) {
    if (variable(call, each)) {
      overridden.emplace_back(each);
      call.report.note(std::string(each) + " is set and counts instead of what stands here");
    }
  }
  if (!call.report.json()) {
    auto pairs = to_pairs(profile);
    pairs.emplace_back("file", profiles.path_of(name));
    return call.report.bytes(lay_out_pairs(pairs));
  }
  json::Value object = to_json(profile);
  object.set("default", chosen == name);
  object.set("file", profiles.path_of(name));
  object.set("overridden_by", std::move(overridden));
  return call.report.document(object);
}

constexpr std::array positionals{
    PositionalSpec{"NAME", "the profile; the chosen one if left out", false},
};
constexpr std::array examples{
    Example{"atlink profile show work", "its settings and its file"},
};

}  // namespace

const Command profile_show{"profile show",
                           "show the settings of a profile",
                           "Shows what is stored; a profile never holds a secret.",
                           positionals,
                           {},
                           examples,
                           run};

}  // namespace atlink::cli::commands
