// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/language/places.h"

#include <array>

/// Named REST calls and what they are made of.
namespace atlink::plugins::language {

/// An API's place, and the versions that have it.
struct ApiMembers {
  static void read(Reading& reading, const json::Value& value, ApiBase& to);
  static void names(Names& names);
};

inline constexpr std::array query_language{
    member<QuoteCharacter, &QueryLanguage::quote>("quote"),
    member<QuoteCharacter, &QueryLanguage::escape>("escape"),
};

inline constexpr std::array parameter{
    member<Text, &OperationParameter::summary>("summary"),
    member<Flag, &OperationParameter::required>("required"),
    member<ParameterTypeWord, &OperationParameter::type>("type"),
    member<Id, &OperationParameter::literal>("literal"),
    member<DefaultValue, &OperationParameter::default_text>("default"),
    member<Count, &OperationParameter::add>("add"),
};

/// A parameter of which only a text can be a literal, only a number be added to, and whose default
/// is of its type.
struct ParameterMembers {
  static void read(Reading& reading, const json::Value& value, OperationParameter& to);

  static void names(Names& names) { ObjectOf<parameter>::names(names); }
};

inline constexpr std::array upload{
    member<Text, &UploadRule::field>("field", Presence::required),
    member<Flag, &UploadRule::several>("several"),
    member<SetOf<StatusNumber>, &UploadRule::too_large_statuses>("too_large"),
};

inline constexpr std::array download{
    member<JsonPattern, &DownloadRule::url>("url"),
    member<Flag, &DownloadRule::leads_away>("leads_away"),
};

inline constexpr std::array operation_members{
    member<Text, &Operation::summary>("summary", Presence::required),
    member<Method, &Operation::method>("method"),
    member<ParameterPath, &Operation::path>("path", Presence::required),
    group<Versions, Operation>("versions"),
    member<NamedOf<GivenName, ParameterMembers>, &Operation::parameters>("parameters"),
    member<MapOf<WireName, ParameterText>, &Operation::query>("query"),
    member<ParameterJson, &Operation::json>("json"),
    member<MapOf<WireName, ParameterText>, &Operation::form>("form"),
    member<ObjectOf<upload>, &Operation::upload>("upload"),
    member<ObjectOf<download>, &Operation::download>("download"),
    member<Id, &Operation::pager>("pager"),
    member<Flag, &Operation::safe_to_repeat>("safe_to_repeat"),
};

/// An operation with at most one body, whose POST nobody may repeat, and whose texts use its own
/// parameters.
struct OperationMembers {
  static void read(Reading& reading, const json::Value& value, Operation& to);

  static void names(Names& names) { ObjectOf<operation_members>::names(names); }
};

inline constexpr std::array step{
    member<Id, &RecipeStep::operation>("operation", Presence::required),
    member<MapOf<ParameterName, ParameterText>, &RecipeStep::with>("with"),
    member<MapOf<ParameterName, JsonPointer>, &RecipeStep::keep>("keep"),
};

inline constexpr std::array recipe_members{
    member<Text, &Recipe::summary>("summary", Presence::required),
    member<NamedOf<GivenName, ParameterMembers>, &Recipe::parameters>("parameters"),
    member<ListOf<ObjectOf<step>>, &Recipe::steps>("steps", Presence::required),
};

/// A recipe whose steps use only what is there by then.
struct RecipeMembers {
  static void read(Reading& reading, const json::Value& value, Recipe& to);

  static void names(Names& names) { ObjectOf<recipe_members>::names(names); }
};

}  // namespace atlink::plugins::language
