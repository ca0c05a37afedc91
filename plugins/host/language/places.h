// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugins/host/rules.h"

#include <array>

/// Where things are: endpoints, context paths, versions, settings, pages for people.
namespace atlink::plugins::language {

/// The name of an entry in the query of an endpoint: none that a signature needs for itself.
struct FixedQueryName {
  static void judge(Reading& reading, std::string_view text);
};

inline constexpr std::array endpoint{
    member<Path, &EndpointPath::path>("path", Presence::required),
    member<RelativeToWord, &EndpointPath::relative_to>("relative_to"),
    member<MapOf<FixedQueryName, Text>, &EndpointPath::query>("query"),
};

/// The endpoint of a ServiceEndpoint, in which {site_id} may stand.
inline constexpr std::array service_place{
    member<SitePath, &EndpointPath::path>("path", Presence::required),
    member<RelativeToWord, &EndpointPath::relative_to>("relative_to"),
};

/// A place on the base URL or the site, or on the origin of a setting.
struct Service {
  static void read(Reading& reading, const json::Value& value, ServiceEndpoint& to);
  static void names(Names& names);

  static void read(Reading& reading, const json::Value& value, std::optional<ServiceEndpoint>& to) {
    read(reading, value, to.emplace());
  }
};

inline constexpr std::array context_path{
    member<ContextPath, &Product::default_context_path>("default"),
    member<ListOf<ContextPath>, &Product::known_context_paths>("known"),
};

inline constexpr std::array pages{
    member<ObjectOf<endpoint>, &Product::links_page>("links"),
    member<ObjectOf<endpoint>, &Product::revoke_page>("revoke"),
};

inline constexpr std::array version_members{
    member<Version, &VersionRange::from>("from"),
    member<Version, &VersionRange::before>("before"),
};

/// A range of versions that is not empty.
struct Versions {
  static void read(Reading& reading, const json::Value& value, VersionRange& to);

  static void names(Names& names) { ObjectOf<version_members>::names(names); }
};

/// A value that a profile may fill in: "origin" or "text", and never both.
struct SettingMembers {
  static void read(Reading& reading, const json::Value& value, Setting& to);
  static void names(Names& names);
};

/// Where a family of operations lies.
inline constexpr std::array api{
    member<Path, &EndpointPath::path>("path", Presence::required),
    member<RelativeToWord, &EndpointPath::relative_to>("relative_to"),
};

}  // namespace atlink::plugins::language
