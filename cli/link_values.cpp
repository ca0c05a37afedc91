// SPDX-License-Identifier: Apache-2.0
#include "cli/link_values.h"

#include "atlink/text.h"
#include "atlink/version.h"
#include "cli/private_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::cli {

namespace {

TemplateValues template_values(const Place& place, const LinkValues& values) {
  TemplateValues all{
      {"base_url", place.base.str()},
      {"site", std::string(place.base.site().origin())},
      {"context_path", place.base.context_path()},
      {"consumer_key", values.consumer_key},
      {"consumer_name", values.consumer_name},
      {"public_key", values.public_key},
      {"public_key_body", values.public_key_body},
      {"request_token_url", values.request_token_url},
      {"authorize_url", values.authorize_url},
      {"access_token_url", values.access_token_url},
      {"callback", "http://127.0.0.1:PORT/callback/…, or oob"},
      {"application_url", values.application_url},
  };
  for (const Setting& setting : place.product.settings) {
    if (setting.kind == Setting::Kind::text) {
      all.emplace_back("setting." + setting.name, setting.fallback);
    }
  }
  return all;
}

Result<std::string> url_text(const BaseUrl& base, const EndpointPath& endpoint) {
  ATLINK_ASSIGN(const Url url, base.at(endpoint));
  return url.str();
}

Result<std::string> url_text(const BaseUrl& base, const std::optional<EndpointPath>& endpoint) {
  return endpoint ? url_text(base, *endpoint) : Result<std::string>(std::string());
}

Status add_key(const Call& call, const Place& place, LinkValues& values) {
  ATLINK_ASSIGN(const oauth1::SignatureMethod method, signature_method_of(place));
  if (!oauth1::uses_rsa(method)) {
    return {};
  }
  ATLINK_ASSIGN(const RsaPrivateKey key, private_key_of(call, place.profile));
  values.public_key = key.public_key().pem();
  values.public_key_body = key.public_key().base64();
  values.fingerprint = key.public_key().fingerprint();
  return {};
}

// What does not begin with a digit would be taken for a version before all others.
Status check_version(const std::string& version) {
  if (!version.empty() && version.front() >= '0' && version.front() <= '9') {
    return {};
  }
  return fail(ErrorCode::usage,
              fmt::format("--site-version takes a version such as 9.12, not \"{}\"",
                          printable(version, 40)),
              "see the foot of the site's pages for its version, or leave the option out");
}

Status fill_in(LinkScreen& screen, const TemplateValues& values) {
  ATLINK_ASSIGN(screen.instruction, expand(screen.instruction, values));
  for (LinkField& field : screen.fields) {
    ATLINK_ASSIGN(field.value, expand(field.value, values));
    ATLINK_ASSIGN(field.note, expand(field.note, values));
  }
  return {};
}

}  // namespace

Result<std::string> application_url_of(const Place& place) {
  if (place.profile.consumer_key.empty()) {
    return fail(ErrorCode::consumer_missing,
                fmt::format("profile {} has no consumer key", place.profile.name),
                fmt::format("choose any name that the server does not know yet: atlink profile set "
                            "{} --consumer-key KEY",
                            place.profile.name));
  }
  // RFC 2606: a name that never resolves, so that nothing is ever sent there.
  return fmt::format("https://atlink.invalid/{}", percent_encode(place.profile.consumer_key));
}

Result<LinkValues> link_values(const Call& call, const Place& place) {
  LinkValues values;
  ATLINK_ASSIGN(values.application_url, application_url_of(place));
  values.consumer_key = place.profile.consumer_key;
  values.consumer_name = fmt::format("atlink ({})", place.profile.name);
  values.callback = "oob";
  ATLINK_CHECK(add_key(call, place, values));
  const OAuth1Rules& rules = *place.product.oauth1;
  ATLINK_ASSIGN(values.request_token_url, url_text(place.base, rules.request_token));
  ATLINK_ASSIGN(values.authorize_url, url_text(place.base, rules.authorize));
  ATLINK_ASSIGN(values.access_token_url, url_text(place.base, rules.access_token));
  ATLINK_ASSIGN(values.links_url, url_text(place.base, place.product.links_page));
  ATLINK_ASSIGN(values.revoke_url, url_text(place.base, place.product.revoke_page));
  return values;
}

Result<std::vector<LinkGuide>> link_guides(const Place& place,
                                           const LinkValues& values,
                                           const std::optional<std::string>& version) {
  if (version) {
    ATLINK_CHECK(check_version(*version));
  }
  std::vector<LinkGuide> guides;
  for (const LinkGuide& guide : place.product.link_guides) {
    if (!version || guide.holds(*version)) {
      guides.push_back(guide);
    }
  }
  if (version && guides.empty()) {
    return fail(ErrorCode::usage,
                fmt::format("the description of {} has no guide for version \"{}\"",
                            place.product.id,
                            printable(*version, 40)),
                "leave --site-version out to see every guide");
  }
  std::stable_sort(guides.begin(), guides.end(), [](const auto& a, const auto& b) {
    return compare_versions(b.from, a.from) < 0;
  });
  const TemplateValues known = template_values(place, values);
  for (LinkGuide& guide : guides) {
    for (LinkScreen& screen : guide.screens) {
      ATLINK_CHECK(fill_in(screen, known));
    }
  }
  return guides;
}

}  // namespace atlink::cli
