// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include "atlink/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

tl::unexpected<Error> none_chosen() {
  return fail(ErrorCode::profile_missing,
              "no profile is chosen",
              "name one with --profile or ATLINK_PROFILE, choose one with atlink profile use NAME, "
              "or make one with atlink profile set NAME --product ID --url URL");
}

tl::unexpected<Error> bad_variable(const char* name, const std::string& value, std::string wanted) {
  return fail(ErrorCode::profile_invalid,
              fmt::format("{} is \"{}\"", name, printable(value, 80)),
              fmt::format("set it to {}", wanted));
}

Status override_deployment(const Call& call, Profile& profile) {
  const auto value = variable(call, "ATLINK_DEPLOYMENT");
  if (!value) {
    return {};
  }
  profile.deployment = deployment_from(*value);
  if (!profile.deployment) {
    return bad_variable("ATLINK_DEPLOYMENT", *value, "cloud or data-center");
  }
  return {};
}

Status override_method(const Call& call, Profile& profile) {
  const auto value = variable(call, "ATLINK_SIGNATURE_METHOD");
  if (!value) {
    return {};
  }
  profile.signature_method = oauth1::signature_method(*value);
  if (!profile.signature_method) {
    return bad_variable("ATLINK_SIGNATURE_METHOD", *value, "a name such as RSA-SHA1");
  }
  return {};
}

Status override_legs(const Call& call, Profile& profile) {
  const auto value = variable(call, "ATLINK_TWO_LEGGED");
  if (!value) {
    return {};
  }
  if (*value != "1" && *value != "0") {
    return bad_variable("ATLINK_TWO_LEGGED", *value, "1 or 0");
  }
  profile.two_legged = *value == "1";
  return {};
}

// How to sign in, and as whom.
Status override_sign_in(const Call& call, Profile& profile) {
  profile.user = variable(call, "ATLINK_USER").value_or(profile.user);
  profile.client_id = variable(call, "ATLINK_CLIENT_ID").value_or(profile.client_id);
  const auto value = variable(call, "ATLINK_METHOD");
  if (!value) {
    return {};
  }
  profile.method = sign_in_method_from(*value);
  if (!profile.method) {
    return bad_variable(
        "ATLINK_METHOD", *value, "oauth1, oauth2, client-credentials, token, api-token or basic");
  }
  return {};
}

Status override_settings(const Call& call, Profile& profile) {
  profile.product = variable(call, "ATLINK_PRODUCT").value_or(profile.product);
  profile.consumer_key = variable(call, "ATLINK_CONSUMER_KEY").value_or(profile.consumer_key);
  profile.ca_file = variable(call, "ATLINK_CA_FILE").value_or(profile.ca_file);
  ATLINK_CHECK(override_deployment(call, profile));
  ATLINK_CHECK(override_method(call, profile));
  ATLINK_CHECK(override_sign_in(call, profile));
  return override_legs(call, profile);
}

}  // namespace

std::optional<std::string> variable(const Call& call, const char* name) {
  auto value = call.app.platform.environment.get(name);
  return value && value->empty() ? std::nullopt : value;
}

Result<ProfileStore> open_profiles(const Call& call) {
  ATLINK_ASSIGN(const Folders folders, folders_from(call.app.platform.environment));
  return ProfileStore(call.app.platform.files, folders.config);
}

Result<std::vector<plugins::SearchFolder>> plugin_folders(const Call& call) {
  const Result<Folders> folders = folders_from(call.app.platform.environment);
  ATLINK_ASSIGN(const std::string installed, call.app.surroundings.installed_plugins());
  std::vector<std::string> flags;
  for (const std::string& folder : call.arguments.values("--plugin-dir")) {
    ATLINK_ASSIGN(flags.emplace_back(), absolute_path(call, folder));
  }
  auto searched = plugins::search_folders(
      flags, call.app.platform.environment, folders ? folders->data : std::string(), installed);
  if (!folders) {
    // A runner without a home has no folder of its own to search.
    searched.erase(std::remove_if(searched.begin(),
                                  searched.end(),
                                  [](const plugins::SearchFolder& each) {
                                    return each.from == plugins::SearchFolder::From::user;
                                  }),
                   searched.end());
  }
  return searched;
}

Result<plugins::Registry> open_registry(const Call& call) {
  ATLINK_ASSIGN(std::vector<plugins::SearchFolder> folders, plugin_folders(call));
  return plugins::Registry(call.app.platform.files, std::move(folders));
}

Result<std::optional<std::string>> chosen_name(const Call& call) {
  std::optional<std::string> name = call.arguments.value("--profile");
  if (!name) {
    name = variable(call, "ATLINK_PROFILE");
  }
  if (name) {
    ATLINK_CHECK(check_profile_name(*name));
    return name;
  }
  if (variable(call, "ATLINK_URL")) {
    return std::optional<std::string>();
  }
  ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
  return profiles.default_name();
}

Result<Profile> chosen_profile(const Call& call) {
  ATLINK_ASSIGN(const std::optional<std::string> name, chosen_name(call));
  Profile profile;
  if (name) {
    ATLINK_ASSIGN(ProfileStore profiles, open_profiles(call));
    ATLINK_ASSIGN(profile, profiles.load(*name));
  } else if (variable(call, "ATLINK_URL")) {
    profile.name = environment_profile;
  } else {
    return none_chosen();
  }
  ATLINK_CHECK(override_settings(call, profile));
  if (profile.product.empty()) {
    return fail(ErrorCode::profile_invalid,
                "ATLINK_URL is set and no product is",
                "set ATLINK_PRODUCT to one of atlink plugin list");
  }
  return profile;
}

Result<std::string> absolute_path(const Call& call, std::string_view path) {
  if (path.substr(0, 1) == "/") {
    return std::string(path);
  }
  ATLINK_ASSIGN(const std::string folder, call.app.surroundings.working_folder());
  while (path.substr(0, 2) == "./") {
    path.remove_prefix(2);
  }
  return fmt::format("{}{}{}", folder, folder == "/" ? "" : "/", path);
}

Result<std::string> tidy_path(const Call& call, std::string_view path) {
  ATLINK_ASSIGN(const std::string whole, absolute_path(call, path));
  std::string tidy;
  for (std::size_t begin = 0; begin < whole.size();) {
    const std::size_t end = std::min(whole.find('/', begin), whole.size());
    const std::string segment = whole.substr(begin, end - begin);
    if (segment == "..") {
      tidy.erase(std::min(tidy.size(), tidy.rfind('/')));
    } else if (!segment.empty() && segment != ".") {
      tidy += "/" + segment;
    }
    begin = end + 1;
  }
  return tidy;
}

bool may_ask(const Call& call) {
  return !call.arguments.has("--no-input") && call.app.platform.terminal.can_ask();
}

}  // namespace atlink::cli
