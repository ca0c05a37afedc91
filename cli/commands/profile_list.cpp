// SPDX-License-Identifier: Apache-2.0
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/layout.h"
#include "cli/profile_data.h"
#include "cli/settings.h"

#include <optional>
#include <utility>

namespace atlink::cli::commands {

namespace {

// A profile that cannot be read is listed with what is wrong and hides none of the others.
struct Listed {
  Profile profile;
  bool is_default = false;
  std::optional<Error> problem;
};

Result<std::vector<Listed>> listed_profiles(const Call& call) {
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  ATLINK_ASSIGN(const std::vector<std::string> names, profiles.list());
  ATLINK_ASSIGN(const std::optional<std::string> chosen, profiles.default_name());
  std::vector<Listed> list;
  for (const std::string& name : names) {
    Listed each;
    each.is_default = chosen == name;
    if (auto profile = profiles.load(name)) {
      each.profile = std::move(*profile);
    } else {
      each.profile.name = name;
      each.problem = std::move(profile).error();
    }
    list.push_back(std::move(each));
  }
  return list;
}

json::Value to_document(const std::vector<Listed>& list) {
  json::Array profiles;
  json::Value chosen;
  for (const Listed& each : list) {
    json::Value object = to_json(each.profile);
    object.set("default", each.is_default);
    object.set("problem", each.problem ? to_json(*each.problem) : json::Value());
    profiles.push_back(std::move(object));
    if (each.is_default) {
      chosen = each.profile.name;
    }
  }
  json::Value document;
  document.set("default", std::move(chosen));
  document.set("profiles", std::move(profiles));
  return document;
}

Status run(Call& call) {
  ATLINK_ASSIGN(const std::vector<Listed> list, listed_profiles(call));
  if (call.report.json()) {
    return call.report.document(to_document(list));
  }
  if (list.empty()) {
    call.report.note("there is no profile yet: atlink profile set NAME --product ID --url URL");
    return {};
  }
  std::vector<std::vector<std::string>> rows;
  rows.reserve(list.size());
  for (const Listed& each : list) {
    rows.push_back({each.is_default ? "*" : "",
                    each.profile.name,
                    each.profile.product,
                    each.problem ? each.problem->message : base_url_text(each.profile)});
  }
  return call.report.bytes(lay_out_table({"", "PROFILE", "PRODUCT", "BASE URL"}, rows));
}

constexpr std::array examples{
    Example{"atlink profile list", "every profile; * marks the one that is used by default"},
};

}  // namespace

const Command profile_list{"profile list", "list the profiles", {}, {}, {}, examples, run};

}  // namespace atlink::cli::commands
