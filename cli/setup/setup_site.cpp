// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/setup_site.h"

#include "atlink/text.h"
#include "cli/inner_run.h"
#include "cli/session.h"
#include "cli/settings.h"
#include "cli/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace atlink::cli {

namespace {

constexpr std::array every_step{
    SetupStep{"keys",
              "a key pair: atlink signs with the private half, the server checks with the public"},
    SetupStep{"profile", "a name for the site, with its product, its address and how to sign in"},
    SetupStep{"link",
              "the application link: an administrator tells the server the consumer key and the "
              "public key"},
    SetupStep{"login", "you allow access once in the browser, and the server issues a token"},
    SetupStep{"check", "a signed request: the server says who you are"},
};

/// What a step is for where nothing is signed with a key.
constexpr std::array other_reasons{
    std::tuple("", "keys", "only requests that are signed with a key need a pair"),
    std::tuple("", "link", "only requests that are signed with a key need one"),
    std::tuple("client-credentials", "login", "the server issues a token to the client itself"),
    std::tuple("token", "login", "you give the token once, and atlink keeps it where it works"),
    std::tuple("api-token", "login", "you give the token once, and atlink keeps it where it works"),
    std::tuple("basic", "login", "you give the password once, and atlink keeps it where it works"),
    std::tuple("", "check", "a request with it: the server says who you are")};

std::string text_at(const json::Value& object, std::string_view name) {
  const json::Value* const member = object.find(name);
  const std::string* const text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string() : *text;
}

const json::Array& list_at(const json::Value& object, std::string_view name) {
  static const json::Array none;
  const json::Value* const member = object.find(name);
  const json::Array* const list = member == nullptr ? nullptr : member->as_array();
  return list == nullptr ? none : *list;
}

// The profiles that there are, as far as they can be read.
Result<std::vector<Profile>> known_profiles(const Call& call) {
  ATLINK_ASSIGN(ProfileStore store, open_profiles(call));
  ATLINK_ASSIGN(const std::vector<std::string> names, store.list());
  std::vector<Profile> profiles;
  profiles.reserve(names.size());
  for (const std::string& name : names) {
    if (auto profile = store.load(name)) {
      profiles.push_back(*std::move(profile));
    } else {
      call.report.warn(fmt::format(
          "profile {} cannot be read and is passed over: {}", name, profile.error().message));
      profiles.emplace_back().name = name;
    }
  }
  return profiles;
}

bool leads_to(const Profile& profile, const SetupSite& site) {
  return profile.product == site.product && profile.site + profile.context_path == site.base_url;
}

const Profile* profile_at(const std::vector<Profile>& profiles, const SetupSite& site) {
  const auto found = std::find_if(
      profiles.begin(), profiles.end(), [&](const Profile& each) { return leads_to(each, site); });
  return found == profiles.end() ? nullptr : &*found;
}

std::string free_name(const std::vector<Profile>& profiles, const std::string& wanted) {
  const auto taken = [&profiles](const std::string& name) {
    return std::any_of(
        profiles.begin(), profiles.end(), [&](const Profile& each) { return each.name == name; });
  };
  std::string name = wanted;
  for (int i = 2; taken(name); ++i) {
    name = fmt::format("{}-{}", wanted, i);
  }
  return name;
}

// A name that was given belongs to the first site; others are told apart by their product.
Status choose_profile(const std::vector<Profile>& profiles,
                      const std::optional<std::string>& given,
                      bool first,
                      SetupSite& site) {
  const Profile* known = nullptr;
  if (given) {
    site.profile = first ? *given : fmt::format("{}-{}", *given, site.product);
    const auto same = std::find_if(profiles.begin(), profiles.end(), [&](const Profile& each) {
      return each.name == site.profile;
    });
    known = same == profiles.end() ? nullptr : &*same;
    if (known != nullptr && !leads_to(*known, site)) {
      return fail(ErrorCode::usage,
                  fmt::format("profile {} is there already, and not for {} at {}",
                              site.profile,
                              site.product,
                              site.base_url),
                  "give another name with --profile, or leave it out");
    }
  } else if ((known = profile_at(profiles, site)) != nullptr) {
    site.profile = known->name;
  } else {
    site.profile = free_name(profiles, site.product);
  }
  site.profile_known = known != nullptr;
  if (known != nullptr) {
    site.consumer_key = known->consumer_key;
    site.private_key = known->private_key;
    site.way = known->method ? to_string(*known->method) : std::string_view();
    site.account = known->client_id.empty() ? known->user : known->client_id;
  }
  return {};
}

Result<SetupSite> named_site(const Call& call, const std::string& url) {
  Profile profile;
  profile.product = call.arguments.text("--product");
  if (const auto text = call.arguments.value("--deployment")) {
    profile.deployment = deployment_from(*text);
    if (!profile.deployment) {
      return fail(ErrorCode::usage, "--deployment takes cloud or data-center");
    }
  }
  ATLINK_ASSIGN(const Product product, product_at(call, profile, url));
  ATLINK_ASSIGN(const SiteAndContext place,
                split_base_url(url, call.arguments.value("--context-path"), product));
  SetupSite site;
  site.product = product.id;
  site.name = product.name;
  site.deployment = to_string(product.deployment);
  site.base_url = place.site + place.context_path;
  site.context_path = place.context_path;
  return site;
}

SetupSite site_from(const json::Value& found) {
  SetupSite site;
  site.product = text_at(found, "product");
  site.name = text_at(found, "name");
  site.deployment = text_at(found, "deployment");
  site.version = text_at(found, "version");
  site.base_url = text_at(found, "base_url");
  site.context_path = text_at(found, "context_path");
  return site;
}

bool is_certain(const json::Value& found) {
  const json::Value* const certain = found.find("certain");
  const bool* const value = certain == nullptr ? nullptr : certain->as_bool();
  return value != nullptr && *value;
}

// What to do where nothing was recognised, in terms of this command.
std::string next_instead(const Call& call, const std::string& url, const Error& error) {
  if (const std::string_view elsewhere = error.fact("elsewhere"); !elsewhere.empty()) {
    return fmt::format("if that is the one that you mean: atlink setup {}", shell_word(elsewhere));
  }
  if (error.code == ErrorCode::network_certificate && !call.arguments.has("--ca-file")) {
    return fmt::format(
        "see what the server presents: atlink trust {0}; if it is the right one, save the "
        "certificate of its authority as PEM and name it: atlink setup {0} --ca-file FILE",
        shell_word(url));
  }
  constexpr std::array to_be_told{ErrorCode::site_unknown,
                                  ErrorCode::site_ambiguous,
                                  ErrorCode::answer_login_page,
                                  ErrorCode::answer_unauthorized};
  if (std::find(to_be_told.begin(), to_be_told.end(), error.code) == to_be_told.end()) {
    return error.next;
  }
  return fmt::format(
      "if you know what runs there, say so: atlink setup {} --product ID --context-path PATH "
      "(atlink plugin list shows the products)",
      shell_word(url));
}

// What a profile of this site trusts already, so that a second run need not be told again.
std::string ca_file_for(const Call& call, const std::vector<Profile>& profiles, const Url& url) {
  if (const auto file = call.arguments.value("--ca-file")) {
    return *file;
  }
  if (variable(call, "ATLINK_CA_FILE")) {
    return {};
  }
  const auto known = std::find_if(profiles.begin(), profiles.end(), [&](const Profile& each) {
    return each.site == url.origin() && !each.ca_file.empty();
  });
  return known == profiles.end() ? std::string() : known->ca_file;
}

Result<std::vector<SetupSite>> detected_sites(const Call& call,
                                              const std::vector<Profile>& profiles,
                                              const std::string& url) {
  std::vector<std::string> words{"detect", url};
  const auto parsed = Url::parse(url.substr(0, url.find_first_of("?#")));
  if (const std::string file = parsed ? ca_file_for(call, profiles, *parsed) : std::string();
      !file.empty()) {
    words.insert(words.end(), {"--ca-file", file});
  }
  if (call.arguments.has("--all")) {
    words.emplace_back("--all");
  }
  auto document = run_inner(call, std::move(words));
  if (!document) {
    Error error = std::move(document).error();
    error.next = next_instead(call, url, error);
    return fail(std::move(error));
  }
  std::vector<SetupSite> sites;
  for (const json::Value& found : list_at(*document, "found")) {
    if (is_certain(found)) {
      sites.push_back(site_from(found));
    }
  }
  if (!call.arguments.has("--all")) {
    sites.resize(std::min<std::size_t>(sites.size(), 1));
  }
  return sites;
}

Status check_given(const Call& call) {
  if (variable(call, "ATLINK_URL")) {
    return fail(ErrorCode::usage,
                "ATLINK_URL is set, and would be asked in place of the URL to set up",
                "unset ATLINK_URL");
  }
  if (const auto profile = call.arguments.value("--profile")) {
    ATLINK_CHECK(check_profile_name(*profile));
  }
  const auto method = call.arguments.value("--method");
  if (method && !sign_in_method_from(*method)) {
    return fail(
        ErrorCode::usage,
        fmt::format("--method takes oauth1, oauth2, client-credentials, token, api-token or "
                    "basic, not \"{}\"",
                    printable(*method, 40)));
  }
  const bool place = call.arguments.has("--context-path") || call.arguments.has("--deployment");
  if (place && !call.arguments.has("--product")) {
    return fail(ErrorCode::usage,
                "--context-path and --deployment say where a product is; name it with --product",
                "leave them out to have the site asked");
  }
  return {};
}

}  // namespace

std::span<const SetupStep> setup_steps() {
  return every_step;
}

std::string_view why_of(const SetupStep& step, const SetupSite& site) {
  for (const auto& [way, name, reason] : other_reasons) {
    const bool fits = std::string_view(way).empty() ? !site.needs_link() : site.way == way;
    if (fits && step.name == name) {
      return reason;
    }
  }
  return step.why;
}

std::string_view to_string(StepResult::Outcome outcome) {
  constexpr std::array<std::string_view, 5> names{
      "planned", "done", "already", "skipped", "failed"};
  return names.at(static_cast<std::size_t>(outcome));
}

const Error* SetupSite::failure() const {
  return !steps.empty() && steps.back().error ? &*steps.back().error : nullptr;
}

Result<std::vector<SetupSite>> find_setup_sites(const Call& call) {
  ATLINK_CHECK(check_given(call));
  const std::string url = call.arguments.text("URL");
  ATLINK_ASSIGN(const std::vector<Profile> profiles, known_profiles(call));
  std::vector<SetupSite> sites;
  if (call.arguments.has("--product")) {
    ATLINK_ASSIGN(SetupSite site, named_site(call, url));
    sites.push_back(std::move(site));
  } else {
    ATLINK_ASSIGN(sites, detected_sites(call, profiles, url));
  }
  for (SetupSite& site : sites) {
    ATLINK_CHECK(
        choose_profile(profiles, call.arguments.value("--profile"), &site == &sites.front(), site));
    site.way = call.arguments.value("--method").value_or(site.way);
    if (const auto key = call.arguments.value("--private-key")) {
      ATLINK_ASSIGN(site.private_key, absolute_path(call, *key));
    }
  }
  return sites;
}

}  // namespace atlink::cli
