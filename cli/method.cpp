// SPDX-License-Identifier: Apache-2.0
// Which way to sign in a profile means.
#include "cli/method.h"

#include "cli/connection.h"
#include "cli/session.h"
#include "plugins/host/detect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace atlink::cli {

namespace {

// What a variable gives, where the profile says nothing. One that does not name the profile may be
// meant for another; it counts only where nothing is stored, but for that of OAuth 1.0a, which is
// good for one consumer alone.
std::optional<SignInMethod> by_environment(const Call& call, const Place& place, bool named) {
  const auto given = [&](std::string_view variable) {
    const auto found = secret_from(call.app.platform.environment, variable, place.profile.name);
    return found && (!named || found->variable != variable);
  };
  if (given("ATLINK_TOKEN")) {
    return place.product.api_token && !place.product.token ? SignInMethod::api_token
                                                           : SignInMethod::token;
  }
  if (given("ATLINK_PASSWORD")) {
    return SignInMethod::basic;
  }
  if (given("ATLINK_CLIENT_SECRET") && !place.profile.client_id.empty()) {
    return SignInMethod::client_credentials;
  }
  return std::nullopt;
}

bool has_signing_token(const Call& call, const Place& place) {
  return secret_from(call.app.platform.environment, "ATLINK_OAUTH_TOKEN", place.profile.name)
      .has_value();
}

// What is stored was made in some way. A file that cannot be read is told of where it is needed.
std::optional<SignInMethod> by_store(const Call& call, const Place& place) {
  const auto store = open_store_behind(call, place.profile.name, place.profile.store);
  if (!store) {
    return std::nullopt;
  }
  const auto known = (*store)->load(place.profile.name);
  if (!known || !known->has_value()) {
    return std::nullopt;
  }
  return (*known)->issued_for.method;
}

bool offered(const Product& product, SignInMethod method, std::string_view version) {
  const SignInRules* rules = rules_of(product, method);
  if (rules == nullptr || !rules->holds(version)) {
    return false;
  }
  return method != SignInMethod::basic || !is_switched_off(product, version);
}

bool depends_on_version(const Product& product) {
  constexpr std::array all{SignInMethod::oauth1,
                           SignInMethod::oauth2,
                           SignInMethod::token,
                           SignInMethod::api_token,
                           SignInMethod::basic};
  return std::any_of(all.begin(), all.end(), [&](SignInMethod method) {
    const SignInRules* rules = rules_of(product, method);
    return rules != nullptr && (!rules->from.empty() || !rules->before.empty());
  });
}

struct Candidate {
  SignInMethod method;
  bool wanted;
  std::string_view why;
  bool obvious = false;
};

}  // namespace

bool is_switched_off(const Product& product, std::string_view version) {
  const auto& basic = product.basic;
  return basic && !basic->off_from.empty() && !version.empty() &&
         compare_versions(version, basic->off_from) >= 0;
}

Result<PickedMethod> pick_method(const Place& place, std::string_view version) {
  const Profile& profile = place.profile;
  const bool key =
      !profile.consumer_key.empty() || !profile.private_key.empty() || profile.two_legged;
  const bool client = !profile.client_id.empty();
  const bool user = !profile.user.empty();
  const std::array candidates{
      Candidate{SignInMethod::oauth1, key, "the profile has a consumer of OAuth 1.0a", true},
      Candidate{SignInMethod::oauth2, client, "the profile has a client id"},
      Candidate{SignInMethod::client_credentials, client, "the profile has a client id"},
      Candidate{SignInMethod::api_token, user, "the profile has a user name"},
      Candidate{SignInMethod::basic, user, "the profile has a user name"},
      Candidate{SignInMethod::token, true, "a token needs nothing to be set up by others"},
      Candidate{SignInMethod::api_token, true, "a token needs nothing to be set up by others"},
      Candidate{SignInMethod::oauth1, true, "the product has no tokens that people make"},
      Candidate{SignInMethod::oauth2, true, "it is the first that the product offers"},
      Candidate{SignInMethod::basic, true, "the product offers nothing else"},
      Candidate{SignInMethod::client_credentials, true, "the product offers nothing else"}};
  for (const Candidate& each : candidates) {
    if (each.wanted && offered(place.product, each.method, version)) {
      return PickedMethod{each.method, std::string(each.why), each.obvious};
    }
  }
  return fail(ErrorCode::method_unavailable,
              fmt::format("{} ({}) offers no way to sign in{}",
                          place.product.name,
                          to_string(place.product.deployment),
                          version.empty() ? "" : fmt::format(" in version {}", version)),
              fmt::format("atlink plugin show {} says what it has", place.product.id));
}

Result<SignInMethod> method_of(const Call& call, const Place& place) {
  std::optional<SignInMethod> method = place.profile.method;
  if (!method && has_signing_token(call, place)) {
    method = SignInMethod::oauth1;
  }
  if (!method) {
    method = by_environment(call, place, true);
  }
  if (!method) {
    method = by_store(call, place);
  }
  if (!method) {
    method = by_environment(call, place, false);
  }
  if (method) {
    return *method;
  }
  ATLINK_ASSIGN(const PickedMethod picked, pick_method(place, {}));
  return picked.method;
}

std::string version_of(const Call& call, const Place& place) {
  auto registry = open_registry(call);
  const auto url = Url::parse(place.base.str());
  if (!registry || !url) {
    return {};
  }
  plugins::DetectOptions options;
  options.user_agent = "atlink/" ATLINK_VERSION;
  options.requests = 6;  // a sign-in, not a search
  if (auto connection = connection_options(call, place.profile)) {
    options.connection = *std::move(connection);
  }
  const auto detection = plugins::detect(call.app.platform.transport, *registry, *url, options);
  if (!detection || !detection->certain()) {
    return {};
  }
  const plugins::Found& found = detection->found.front();
  return found.product.id == place.product.id ? found.version : std::string();
}

Result<PickedMethod> method_for_login(const Call& call, const Place& place) {
  if (const auto named = call.arguments.value("--method")) {
    const auto method = sign_in_method_from(*named);
    if (!method) {
      return fail(
          ErrorCode::usage,
          fmt::format("--method takes oauth1, oauth2, client-credentials, token, api-token or "
                      "basic, not \"{}\"",
                      printable(*named, 60)));
    }
    return PickedMethod{*method, {}};
  }
  if (place.profile.method) {
    return PickedMethod{*place.profile.method, {}};
  }
  ATLINK_ASSIGN(PickedMethod picked, pick_method(place, {}));
  const bool plain = picked.method == SignInMethod::oauth1 || !depends_on_version(place.product);
  if (plain) {
    return picked;
  }
  const std::string version = version_of(call, place);
  ATLINK_ASSIGN(picked, pick_method(place, version));
  if (!version.empty()) {
    picked.why += fmt::format("; {} here is {}", place.product.name, version);
  }
  return picked;
}

}  // namespace atlink::cli
