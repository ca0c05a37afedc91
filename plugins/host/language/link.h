// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/language/administration.h"
#include "plugins/host/language/language.h"
#include "plugins/host/language/places.h"

#include <array>

/// The administrator's screens.
namespace atlink::plugins::language {

inline constexpr std::array field_members{
    member<Text, &LinkField::label>("label", Presence::required),
    member<ActionWord, &LinkField::action>("action", Presence::required),
    member<Template, &LinkField::value>("value"),
    member<Template, &LinkField::note>("note"),
};

/// A field whose action and value fit each other.
struct Field {
  static void read(Reading& reading, const json::Value& value, LinkField& to);

  static void names(Names& names) { ObjectOf<field_members>::names(names); }
};

inline constexpr std::array screen{
    member<Text, &LinkScreen::title>("title", Presence::required),
    member<Template, &LinkScreen::instruction>("instruction"),
    member<ListOf<Field>, &LinkScreen::fields>("fields"),
    member<ListOf<Text>, &LinkScreen::ignore>("ignore"),
};

inline constexpr std::array guide{
    member<Text, &LinkGuide::title, GuideDraft>("title", Presence::required),
    group<Versions, GuideDraft>("versions"),
    member<Text, &LinkGuide::who, GuideDraft>("who"),
    member<SetOf<Id>, &GuideDraft::screen_names>("screens", Presence::required),
};

inline constexpr std::array link{
    member<MapOf<Id, ObjectOf<guide>>, &Draft::named_guides>("guides"),
    member<MapOf<Id, ObjectOf<screen>>, &Draft::named_screens>("screens"),
    member<ObjectOf<administration>, &Product::link_administration, Draft>("administration"),
};

}  // namespace atlink::plugins::language
