// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/language/answers.h"
#include "plugins/host/language/language.h"
#include "plugins/host/language/places.h"

#include <array>

/// How an administrator makes the link over REST.
namespace atlink::plugins::language {

/// A place in which {link_id} may stand.
inline constexpr std::array link_place{
    member<LinkPath, &EndpointPath::path>("path", Presence::required),
    member<RelativeToWord, &EndpointPath::relative_to>("relative_to"),
};

inline constexpr std::array link_call{
    member<Method, &LinkCall::method>("method", Presence::required),
    member<ObjectOf<link_place>, &LinkCall::endpoint>("endpoint", Presence::required),
};

inline constexpr std::array link_writing_call{
    member<Method, &LinkCall::method>("method", Presence::required),
    member<ObjectOf<link_place>, &LinkCall::endpoint>("endpoint", Presence::required),
    member<LinkBody, &LinkCall::body>("body", Presence::required),
};

/// A call with a body, as a part of the whole: "create" also says where the id of the link stands.
struct LinkCreation {
  static void read(Reading& reading, const json::Value& value, LinkAdministration& to);
  static void names(Names& names);
};

inline constexpr std::array link_listing{
    member<ObjectOf<link_call>, &LinkListing::call>("call", Presence::required),
    member<JsonPointer, &LinkListing::items>("items", Presence::required),
    member<JsonPointer, &LinkListing::id>("id", Presence::required),
    member<JsonPointer, &LinkListing::name>("name"),
    member<JsonPointer, &LinkListing::url>("url"),
    member<JsonPointer, &LinkListing::type>("type"),
};

inline constexpr std::array link_session_begin{
    member<Method, &LinkCall::method, LinkCall>("method", Presence::required),
    member<ObjectOf<endpoint>, &LinkCall::endpoint, LinkCall>("endpoint", Presence::required),
    member<MapOf<WireName, Text>, &LinkCall::form, LinkCall>("form"),
};

inline constexpr std::array link_session{
    member<ObjectOf<link_session_begin>, &LinkSession::begin>("begin", Presence::required),
    member<Text, &LinkSession::secret_field>("secret_field", Presence::required),
    member<ObjectOf<link_call>, &LinkSession::end>("end"),
};

inline constexpr std::array link_refusal{
    member<RefusalWord, &LinkRefusal::meaning>("means", Presence::required),
    member<SetOf<StepWord>, &LinkRefusal::steps>("steps"),
    member<SetOf<StatusNumber>, &AnswerConditions::statuses, LinkRefusal>("status"),
    group<ConditionHeader, LinkRefusal>("header"),
    member<Text, &AnswerConditions::body_contains, LinkRefusal>("body_contains"),
};

/// A refusal with at least one condition. The most particular counts first: a session that is
/// wanted, a key, a link that is there, one that is not, missing rights.
struct Refusals {
  static void read(Reading& reading, const json::Value& value, std::vector<LinkRefusal>& to);
  static void names(Names& names);
};

inline constexpr std::array administration{
    member<ObjectOf<link_listing>, &LinkAdministration::list>("list", Presence::required),
    group<LinkCreation, LinkAdministration>("create", Presence::required),
    member<ObjectOf<link_writing_call>, &LinkAdministration::consumer>("consumer",
                                                                       Presence::required),
    member<ObjectOf<link_call>, &LinkAdministration::consumers>("consumers"),
    member<ObjectOf<link_call>, &LinkAdministration::remove>("remove", Presence::required),
    member<ObjectOf<link_listing>, &LinkAdministration::others>("others"),
    member<ObjectOf<link_session>, &LinkAdministration::session>("session"),
    member<Refusals, &LinkAdministration::refusals>("refusals"),
};

}  // namespace atlink::plugins::language
