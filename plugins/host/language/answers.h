// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/language/places.h"

#include <array>

/// What answers look like: who is signed in, signals, probes, errors, limits, pages of lists.
namespace atlink::plugins::language {

inline constexpr std::array identity_header{
    member<HeaderName, &IdentityRule::header>("name", Presence::required),
    member<Flag, &IdentityRule::header_percent_encoded>("percent_encoded"),
};

inline constexpr std::array identity{
    member<ObjectOf<endpoint>, &IdentityRule::endpoint>("endpoint", Presence::required),
    member<ListOf<JsonPointer>, &IdentityRule::json_pointers>("json"),
    group<ObjectOf<identity_header>, IdentityRule>("header"),
    member<ListOf<Text>, &IdentityRule::anonymous_values>("anonymous"),
};

/// An identity that says where the name stands.
struct IdentityMembers {
  static void read(Reading& reading, const json::Value& value, std::optional<IdentityRule>& to);

  static void names(Names& names) { ObjectOf<identity>::names(names); }
};

inline constexpr std::array condition_header{
    member<HeaderName, &AnswerConditions::header>("name", Presence::required),
    member<Text, &AnswerConditions::header_contains>("contains"),
    member<Text, &AnswerConditions::header_is>("is"),
};

/// A header that is there and fits, as a part of conditions.
struct ConditionHeader {
  static void read(Reading& reading, const json::Value& value, AnswerConditions& to) {
    ObjectOf<condition_header>::read(reading, value, to);
  }

  static void names(Names& names) { ObjectOf<condition_header>::names(names); }
};

inline constexpr std::array signal{
    member<MeaningWord, &ResponseSignal::meaning>("means", Presence::required),
    member<SetOf<StatusNumber>, &AnswerConditions::statuses, ResponseSignal>("status"),
    group<ConditionHeader, ResponseSignal>("header"),
    member<Text, &AnswerConditions::body_contains, ResponseSignal>("body_contains"),
};

/// A signal with at least one condition.
struct Signal {
  static void read(Reading& reading, const json::Value& value, ResponseSignal& to);

  static void names(Names& names) { ObjectOf<signal>::names(names); }
};

inline constexpr std::array told{
    member<JsonPointer, &Probe::version>("version"),
    member<Text, &Probe::version_after>("version_after"),
    member<JsonPointer, &Probe::build>("build"),
    member<JsonPointer, &Probe::title>("title"),
    member<JsonPointer, &Probe::base_url>("base_url"),
};

inline constexpr std::array probe{
    member<ObjectOf<endpoint>, &Probe::endpoint>("endpoint", Presence::required),
    member<HeaderValue, &Probe::accept>("accept"),
    member<SetOf<StatusNumber>, &AnswerConditions::statuses, Probe>("status"),
    group<ConditionHeader, Probe>("header"),
    member<Text, &AnswerConditions::body_contains, Probe>("body_contains"),
    member<MapOf<PointerName, ListOf<Text>>, &Probe::json>("json"),
    member<Flag, &Probe::proof>("proof"),
    group<ObjectOf<told>, Probe>("tells"),
};

/// A probe by whose answer something can be recognised.
struct ProbeMembers {
  static void read(Reading& reading, const json::Value& value, Probe& to);

  static void names(Names& names) { ObjectOf<probe>::names(names); }
};

inline constexpr std::array detect{
    member<NamedOf<Id, ProbeMembers>, &Product::probes>("probes"),
};

inline constexpr std::array header{
    member<HeaderValue, &ExtraHeader::value>("value", Presence::required),
    member<SetOf<Method>, &ExtraHeader::methods>("methods"),
};

inline constexpr std::array xsrf{
    member<AddedHeaderName, &ExtraHeader::name, XsrfRule>("header", Presence::required),
    member<HeaderValue, &ExtraHeader::value, XsrfRule>("value", Presence::required),
    member<SetOf<Method>, &ExtraHeader::methods, XsrfRule>("methods", Presence::required),
    member<SetOf<MediaType>, &XsrfRule::body_types>("body_types"),
    member<Flag, &XsrfRule::refuses_browsers>("refuses_browsers"),
};

inline constexpr std::array errors{
    member<ListOf<JsonPattern>, &Product::error_messages>("messages"),
};

inline constexpr std::array reset{
    member<HeaderName, &RateLimitRules::reset>("name", Presence::required),
    member<ResetFormatWord, &RateLimitRules::reset_format>("format"),
};

inline constexpr std::array rate_limit{
    member<HeaderName, &RateLimitRules::limit>("limit"),
    member<HeaderName, &RateLimitRules::remaining>("remaining"),
    group<ObjectOf<reset>, RateLimitRules>("reset"),
    member<HeaderName, &RateLimitRules::fill_rate>("fill_rate"),
    member<HeaderName, &RateLimitRules::interval>("interval"),
    member<HeaderName, &RateLimitRules::near>("near"),
    member<HeaderName, &RateLimitRules::reason>("reason"),
};

inline constexpr std::array page_told{
    member<JsonPattern, &Pager::total>("total"),
    member<JsonPattern, &Pager::last>("last"),
    member<JsonPattern, &Pager::next>("next"),
    member<JsonPattern, &Pager::position_told>("position"),
    member<JsonPattern, &Pager::size_told>("size"),
    member<JsonPattern, &Pager::link_base>("link_base"),
};

inline constexpr std::array pager{
    member<PagerStyleWord, &Pager::style>("style", Presence::required),
    member<SetOf<JsonPattern>, &Pager::items>("items"),
    member<Text, &Pager::position>("position"),
    member<Text, &Pager::size>("size"),
    member<Count, &Pager::first>("first"),
    member<Count, &Pager::usual_size>("usual_size"),
    member<Count, &Pager::largest_size>("largest_size"),
    group<ObjectOf<page_told>, Pager>("tells"),
    member<Flag, &Pager::link_header>("link_header"),
    member<Flag, &Pager::short_pages>("short_pages"),
};

/// A pager that says how the next page is asked for.
struct PagerMembers {
  static void read(Reading& reading, const json::Value& value, Pager& to);

  static void names(Names& names) { ObjectOf<pager>::names(names); }
};

}  // namespace atlink::plugins::language
