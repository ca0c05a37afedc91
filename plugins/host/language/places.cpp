// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/places.h"

#include <fmt/format.h>

namespace atlink::plugins::language {

namespace {

constexpr std::array service_members{
    member<ParameterName, &ServiceEndpoint::setting>("setting"),
};

constexpr std::array setting_members{
    member<Text, &Setting::summary>("summary", Presence::required),
    member<Origin, &Setting::fallback>("origin"),
    member<Text, &Setting::fallback>("text"),
};

}  // namespace

void FixedQueryName::judge(Reading& reading, std::string_view text) {
  WireName::judge(reading, text);
  if (text.rfind("oauth_", 0) == 0) {
    reading.report("endpoint",
                   "what begins with \"oauth_\" is added where a request is signed",
                   "take it out");
  }
}

void Service::read(Reading& reading, const json::Value& value, ServiceEndpoint& to) {
  const json::Object* object = reading.object(value);
  if (object == nullptr) {
    return;
  }
  // One object for two structs: each table takes its own members.
  json::Value place{json::Object{}};
  json::Value beyond{json::Object{}};
  for (const auto& [name, entry] : *object) {
    (name == "setting" ? beyond : place).set(name, entry);
  }
  read_members<EndpointPath>(reading, place, to.endpoint, service_place);
  read_members<ServiceEndpoint>(reading, beyond, to, service_members);
  if (reading.complete() && !to.setting.empty() && value.find("relative_to") != nullptr) {
    reading.report("endpoint",
                   "this is relative to two places",
                   "give \"setting\" for another origin, or \"relative_to\", but not both");
  }
}

void Service::names(Names& names) {
  ObjectOf<service_place>::names(names);
  ObjectOf<service_members>::names(names);
}

void Versions::read(Reading& reading, const json::Value& value, VersionRange& to) {
  ObjectOf<version_members>::read(reading, value, to);
  if (!to.from.empty() && !to.before.empty() && compare_versions(to.from, to.before) >= 0) {
    reading.report("versions",
                   fmt::format("no version is from {} and before {}", to.from, to.before),
                   "exchange the two, or leave one out");
  }
}

void SettingMembers::read(Reading& reading, const json::Value& value, Setting& to) {
  ObjectOf<setting_members>::read(reading, value, to);
  const json::Value* origin = value.find("origin");
  const json::Value* text = value.find("text");
  const bool has_origin = origin != nullptr && !origin->is_null();
  const bool has_text = text != nullptr && !text->is_null();
  to.kind = has_origin ? Setting::Kind::origin : Setting::Kind::text;
  if (value.as_object() != nullptr && reading.complete() && has_origin == has_text) {
    reading.report("setting",
                   has_text ? "a setting is an origin or a text, not both"
                            : "this does not say what the setting is",
                   "give \"origin\" (it may be \"\" for none) or \"text\"");
  }
}

void SettingMembers::names(Names& names) {
  ObjectOf<setting_members>::names(names);
}

}  // namespace atlink::plugins::language
