// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/language/places.h"

#include <array>

/// The ways to sign in.
namespace atlink::plugins::language {

/// What every way to sign in has, in front of its own members.
template <class Rules, std::size_t N>
constexpr std::array<Member<Rules>, N + 3> sign_in_members(
    const std::array<Member<Rules>, N>& own) {
  const std::array<Member<Rules>, 3> common{
      group<Versions, Rules>("versions"),
      member<Text, &SignInRules::note, Rules>("note"),
      member<SetOf<StatusNumber>, &SignInRules::expired_statuses, Rules>("expired_statuses"),
  };
  std::array<Member<Rules>, N + 3> all{};
  std::copy(common.begin(), common.end(), all.begin());
  std::copy(own.begin(), own.end(), all.begin() + 3);
  return all;
}

inline constexpr std::array lifetimes{
    member<Seconds, &OAuth1Rules::request_token_lifetime>("request_token"),
    member<Seconds, &OAuth1Rules::access_token_lifetime>("access_token"),
    member<Seconds, &OAuth1Rules::session_lifetime>("session"),
};

inline constexpr std::array impersonation{
    member<ParameterName, &ImpersonationRule::parameter>("parameter", Presence::required),
};

inline constexpr auto oauth1 = sign_in_members(std::array{
    member<ObjectOf<endpoint>, &OAuth1Rules::request_token>("request_token", Presence::required),
    member<ObjectOf<endpoint>, &OAuth1Rules::authorize>("authorize", Presence::required),
    member<ObjectOf<endpoint>, &OAuth1Rules::access_token>("access_token", Presence::required),
    member<ObjectOf<endpoint>, &OAuth1Rules::consumer_info>("consumer_info"),
    member<SetOf<SignatureMethodWord>, &OAuth1Rules::signature_methods>("signature_methods"),
    member<SetOf<TransmissionWord>, &OAuth1Rules::transmissions>("transmissions"),
    member<Flag, &OAuth1Rules::two_legged>("two_legged"),
    member<ObjectOf<impersonation>, &OAuth1Rules::impersonation>("impersonation"),
    member<Flag, &OAuth1Rules::renewal>("renewal"),
    member<Flag, &OAuth1Rules::out_of_band>("out_of_band"),
    member<Text, &OAuth1Rules::denied_verifier>("denied_verifier"),
    member<Flag, &OAuth1Rules::callback_confirmed>("callback_confirmed"),
    group<ObjectOf<lifetimes>, OAuth1Rules>("lifetimes"),
});

inline constexpr std::array oauth2_lifetimes{
    member<Seconds, &OAuth2Rules::code_lifetime>("code"),
    member<Seconds, &OAuth2Rules::access_token_lifetime>("access_token"),
    member<Seconds, &OAuth2Rules::refresh_token_lifetime>("refresh_token"),
};

inline constexpr std::array site_list{
    member<JsonPointer, &SiteListRule::items>("items"),
    member<JsonPointer, &SiteListRule::id>("id"),
    member<JsonPointer, &SiteListRule::name>("name"),
    member<JsonPointer, &SiteListRule::url>("url"),
};

inline constexpr auto client_credentials = sign_in_members(std::array<Member<SignInRules>, 0>{});

inline constexpr auto oauth2_members = sign_in_members(std::array{
    member<Service, &OAuth2Rules::token>("token", Presence::required),
    member<Service, &OAuth2Rules::authorize>("authorize"),
    member<Service, &OAuth2Rules::revoke>("revoke"),
    member<Service, &OAuth2Rules::metadata>("metadata"),
    member<Service, &OAuth2Rules::sites>("sites"),
    member<ObjectOf<site_list>, &OAuth2Rules::site_list>("site_list"),
    member<Service, &OAuth2Rules::gateway>("gateway"),
    member<SetOf<GrantWord>, &OAuth2Rules::grants>("grants"),
    member<ObjectOf<client_credentials>, &OAuth2Rules::client_credentials>("client_credentials"),
    member<SetOf<EncodingWord>, &OAuth2Rules::token_encodings>("token_encodings"),
    member<SetOf<ClientAuthenticationWord>, &OAuth2Rules::client_authentication>(
        "client_authentication"),
    member<Flag, &OAuth2Rules::client_secret>("client_secret"),
    member<PkceWord, &OAuth2Rules::pkce>("pkce"),
    member<SetOf<LoopbackHost>, &OAuth2Rules::redirect_hosts>("redirect_hosts"),
    member<RedirectPortWord, &OAuth2Rules::redirect_port>("redirect_port"),
    member<Flag, &OAuth2Rules::redirect_on_refresh>("redirect_on_refresh"),
    member<RefreshWord, &OAuth2Rules::refresh>("refresh"),
    member<Scope, &OAuth2Rules::offline_scope>("offline_scope"),
    member<SetOf<Scope>, &OAuth2Rules::scopes>("scopes"),
    member<SetOf<Scope>, &OAuth2Rules::default_scopes>("default_scopes"),
    member<MapOf<ParameterName, Text>, &OAuth2Rules::parameters>("parameters"),
    member<MapOf<ParameterName, OAuth2ErrorWord>, &OAuth2Rules::error_words>("error_words"),
    group<ObjectOf<oauth2_lifetimes>, OAuth2Rules>("lifetimes"),
});

/// OAuth 2.0 with the endpoints that its grants need.
struct OAuth2Members {
  static void read(Reading& reading, const json::Value& value, std::optional<OAuth2Rules>& to);

  static void names(Names& names) { ObjectOf<oauth2_members>::names(names); }
};

inline constexpr auto token = sign_in_members(std::array{
    member<AuthenticationScheme, &TokenRules::scheme>("scheme"),
    member<Id, &TokenRules::create>("create"),
    member<Id, &TokenRules::list>("list"),
    member<Id, &TokenRules::revoke>("revoke"),
});

inline constexpr auto api_token = sign_in_members(std::array{
    member<Text, &ApiTokenRules::user>("user"),
    member<Service, &ApiTokenRules::site_info>("site_info"),
    member<JsonPointer, &ApiTokenRules::site_id>("site_id"),
    member<Service, &ApiTokenRules::gateway>("gateway"),
});

inline constexpr auto basic = sign_in_members(std::array{
    member<Version, &BasicRules::off_from>("off_from"),
});

inline constexpr std::array sign_in{
    member<ObjectOf<oauth1>, &Product::oauth1>("oauth1"),
    member<OAuth2Members, &Product::oauth2>("oauth2"),
    member<ObjectOf<token>, &Product::token>("token"),
    member<ObjectOf<api_token>, &Product::api_token>("api_token"),
    member<ObjectOf<basic>, &Product::basic>("basic"),
};

}  // namespace atlink::plugins::language
