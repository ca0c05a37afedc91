// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include <fmt/format.h>

#include <utility>

namespace atlink::cli {

namespace {

// A URL that stands in a profile or variable is a wrong setting, not a wrong command line.
Error as_setting(Error error, const std::string& profile) {
  if (error.code == ErrorCode::url_invalid) {
    error.code = ErrorCode::profile_invalid;
  }
  return std::move(error).with("profile", profile);
}

Status override_url(const Call& call, const Product& product, Profile& profile) {
  const auto url = variable(call, "ATLINK_URL");
  const auto context = call.app.platform.environment.get("ATLINK_CONTEXT_PATH");
  if (!url && !context) {
    return {};
  }
  ATLINK_ASSIGN(SiteAndContext taken_apart,
                split_base_url(url.value_or(profile.site), context, product));
  profile.site = std::move(taken_apart.site);
  profile.context_path = std::move(taken_apart.context_path);
  return {};
}

Result<BaseUrl> base_of(const Profile& profile) {
  ATLINK_ASSIGN(const Url site, Url::parse(profile.site));
  return BaseUrl::make(site, profile.context_path);
}

Result<Place> find_place(const Call& call,
                         Profile profile,
                         bool ask_environment,
                         plugins::Parts parts) {
  const auto url = ask_environment ? variable(call, "ATLINK_URL") : std::nullopt;
  auto product = product_at(call, profile, url.value_or(profile.site), parts);
  if (!product) {
    return fail(std::move(product).error().with("profile", profile.name));
  }
  if (ask_environment) {
    if (Status changed = override_url(call, *product, profile); !changed) {
      return fail(as_setting(std::move(changed).error(), profile.name));
    }
  }
  auto base = base_of(profile);
  if (!base) {
    return fail(as_setting(std::move(base).error(), profile.name));
  }
  auto set = plugins::with_settings(std::move(*product), profile.settings);
  if (!set) {
    return fail(std::move(set).error().with("profile", profile.name));
  }
  return Place{
      std::move(profile), std::move(set->product), std::move(*base), std::move(set->binding)};
}

}  // namespace

Result<Product> product_at(const Call& call,
                           const Profile& profile,
                           const std::string& url,
                           plugins::Parts parts) {
  ATLINK_ASSIGN(plugins::Registry registry, open_registry(call));
  ATLINK_ASSIGN(const plugins::Description description, registry.describe(profile.product, parts));
  for (const std::string& note : description.notes) {
    call.report.note(fmt::format("{}: {}", description.id, note));
  }
  std::optional<Deployment> deployment = profile.deployment;
  if (const auto parsed = Url::parse(url); parsed && !deployment) {
    deployment = plugins::deployment_of_host(description, parsed->host());
  }
  return plugins::resolve(description, deployment.value_or(plugins::preferred_of(description)));
}

Result<Place> place_of(const Call& call, Profile profile) {
  return find_place(call, std::move(profile), false, plugins::Parts::all);
}

Result<Place> open_place(const Call& call, plugins::Parts parts) {
  ATLINK_ASSIGN(Profile profile, chosen_profile(call));
  return find_place(call, std::move(profile), true, parts);
}

Result<oauth1::SignatureMethod> signature_method_of(const Place& place) {
  if (!place.product.oauth1) {
    return fail(ErrorCode::product_unsupported,
                fmt::format("{} ({}) offers no OAuth 1.0a",
                            place.product.name,
                            to_string(place.product.deployment)));
  }
  return place.profile.signature_method.value_or(place.product.oauth1->signature_methods.front());
}

}  // namespace atlink::cli
