// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language.h"

#include "plugins/host/rules.h"
#include "plugins/host/shape.h"

#include <algorithm>
#include <array>

namespace atlink::plugins {

namespace {

using enum Presence;

// ---- places -------------------------------------------------------------------------------------

constexpr std::array endpoint{
    member<Path, &EndpointPath::path>("path", required),
    member<RelativeToWord, &EndpointPath::relative_to>("relative_to"),
};

constexpr std::array context_path{
    member<ContextPath, &Product::default_context_path>("default"),
    member<ListOf<ContextPath>, &Product::known_context_paths>("known"),
};

constexpr std::array pages{
    member<ObjectOf<endpoint>, &Product::links_page>("links"),
    member<ObjectOf<endpoint>, &Product::revoke_page>("revoke"),
};

// ---- signing in ---------------------------------------------------------------------------------

constexpr std::array lifetimes{
    member<Seconds, &OAuth1Rules::request_token_lifetime>("request_token"),
    member<Seconds, &OAuth1Rules::access_token_lifetime>("access_token"),
    member<Seconds, &OAuth1Rules::session_lifetime>("session"),
};

constexpr std::array oauth1_members{
    member<ObjectOf<endpoint>, &OAuth1Rules::request_token>("request_token", required),
    member<ObjectOf<endpoint>, &OAuth1Rules::authorize>("authorize", required),
    member<ObjectOf<endpoint>, &OAuth1Rules::access_token>("access_token", required),
    member<SetOf<SignatureMethodWord>, &OAuth1Rules::signature_methods>("signature_methods"),
    member<SetOf<TransmissionWord>, &OAuth1Rules::transmissions>("transmissions"),
    member<Flag, &OAuth1Rules::two_legged>("two_legged"),
    member<Text, &OAuth1Rules::denied_verifier>("denied_verifier"),
    member<Flag, &OAuth1Rules::callback_confirmed>("callback_confirmed"),
    group<ObjectOf<lifetimes>, OAuth1Rules>("lifetimes"),
};

constexpr std::array sign_in{
    member<ObjectOf<oauth1_members>, &Product::oauth1>("oauth1"),
};

constexpr std::array identity_header{
    member<HeaderName, &IdentityRule::header>("name", required),
    member<Flag, &IdentityRule::header_percent_encoded>("percent_encoded"),
};

constexpr std::array identity{
    member<ObjectOf<endpoint>, &IdentityRule::endpoint>("endpoint", required),
    member<ListOf<JsonPointer>, &IdentityRule::json_pointers>("json"),
    group<ObjectOf<identity_header>, IdentityRule>("header"),
    member<ListOf<Text>, &IdentityRule::anonymous_values>("anonymous"),
};

/// An identity that says where the name stands.
struct IdentityMembers {
  static void read(Reading& reading, const json::Value& value, std::optional<IdentityRule>& to) {
    ObjectOf<identity>::read(reading, value, to);
    if (reading.complete() && value.as_object() != nullptr && to->json_pointers.empty() &&
        to->header.empty()) {
      reading.report("identity",
                     "this does not say where the name of the user stands",
                     "give \"json\" or \"header\"");
    }
  }

  static void names(Names& names) { ObjectOf<identity>::names(names); }
};

// ---- requests and answers -----------------------------------------------------------------------

constexpr std::array signal_header{
    member<HeaderName, &ResponseSignal::header>("name", required),
    member<Text, &ResponseSignal::header_contains>("contains"),
    member<Text, &ResponseSignal::header_is>("is"),
};

constexpr std::array signal{
    member<MeaningWord, &ResponseSignal::meaning>("means", required),
    member<SetOf<StatusNumber>, &ResponseSignal::statuses>("status"),
    group<ObjectOf<signal_header>, ResponseSignal>("header"),
    member<Text, &ResponseSignal::body_contains>("body_contains"),
};

/// A signal with at least one condition.
struct Signal {
  static void read(Reading& reading, const json::Value& value, ResponseSignal& to) {
    ObjectOf<signal>::read(reading, value, to);
    if (reading.complete() && value.as_object() != nullptr && to.statuses.empty() &&
        to.header.empty() && to.body_contains.empty()) {
      reading.report("signal",
                     "this signal holds for every answer",
                     "give \"status\", \"header\" or \"body_contains\"");
    }
  }

  static void names(Names& names) { ObjectOf<signal>::names(names); }
};

constexpr std::array header{
    member<HeaderValue, &ExtraHeader::value>("value", required),
    member<SetOf<Method>, &ExtraHeader::methods>("methods"),
};

constexpr std::array errors{
    member<ListOf<JsonPattern>, &Product::error_messages>("messages"),
};

// ---- link guides --------------------------------------------------------------------------------

constexpr std::array field_members{
    member<Text, &LinkField::label>("label", required),
    member<ActionWord, &LinkField::action>("action", required),
    member<Template, &LinkField::value>("value"),
    member<Template, &LinkField::note>("note"),
};

/// A field whose action and value fit each other.
struct Field {
  static void read(Reading& reading, const json::Value& value, LinkField& to) {
    ObjectOf<field_members>::read(reading, value, to);
    const bool wants = to.action == "paste" || to.action == "choose";
    if (!to.action.empty() && wants && to.value.empty()) {
      reading.report(
          "field", fmt::format("there is nothing to {} here", to.action), "give \"value\"");
    }
    if (!to.action.empty() && to.action != "any" && !wants && !to.value.empty()) {
      reading.report("field",
                     fmt::format("\"{}\" has no use for a value", to.action),
                     "leave \"value\" out, or change \"action\"");
    }
  }

  static void names(Names& names) { ObjectOf<field_members>::names(names); }
};

constexpr std::array screen{
    member<Text, &LinkScreen::title>("title", required),
    member<Template, &LinkScreen::instruction>("instruction"),
    member<ListOf<Field>, &LinkScreen::fields>("fields"),
    member<ListOf<Text>, &LinkScreen::ignore>("ignore"),
};

constexpr std::array versions_members{
    member<Version, &LinkGuide::from>("from"),
    member<Version, &LinkGuide::before>("before"),
};

/// A range of versions that is not empty.
struct Versions {
  static void read(Reading& reading, const json::Value& value, LinkGuide& to) {
    ObjectOf<versions_members>::read(reading, value, to);
    if (!to.from.empty() && !to.before.empty() && compare_versions(to.from, to.before) >= 0) {
      reading.report("versions",
                     fmt::format("no version is from {} and before {}", to.from, to.before),
                     "exchange the two, or leave one out");
    }
  }

  static void names(Names& names) { ObjectOf<versions_members>::names(names); }
};

constexpr std::array guide{
    member<Text, &LinkGuide::title, GuideDraft>("title", required),
    group<Versions, GuideDraft>("versions"),
    member<Text, &LinkGuide::who, GuideDraft>("who"),
    member<SetOf<Id>, &GuideDraft::screen_names>("screens", required),
};

constexpr std::array link{
    member<MapOf<Id, ObjectOf<guide>>, &Draft::named_guides>("guides"),
    member<MapOf<Id, ObjectOf<screen>>, &Draft::named_screens>("screens"),
};

// ---- the document -------------------------------------------------------------------------------

/// What a description says of the product, for all deployments or for one.
constexpr std::array parts{
    member<Text, &Product::name, Draft>("name", required),
    group<ObjectOf<context_path>, Draft>("context_path"),
    group<ObjectOf<sign_in>, Draft>("sign_in"),
    member<IdentityMembers, &Product::identity, Draft>("identity"),
    member<MapOf<Id, Signal>, &Draft::named_signals>("signals"),
    member<MapOf<AddedHeaderName, ObjectOf<header>>, &Draft::named_headers>("headers"),
    group<ObjectOf<errors>, Draft>("errors"),
    group<ObjectOf<pages>, Draft>("pages"),
    group<ObjectOf<link>, Draft>("link"),
};

template <std::size_t A, std::size_t B>
constexpr std::array<Member<Draft>, A + B> joined(const std::array<Member<Draft>, A>& first,
                                                  const std::array<Member<Draft>, B>& second) {
  std::array<Member<Draft>, A + B> all{};
  std::copy(first.begin(), first.end(), all.begin());
  std::copy(second.begin(), second.end(), all.begin() + A);
  return all;
}

constexpr auto deployment_members =
    joined(std::array{member<SetOf<HostPattern>, &Draft::hosts>("hosts")}, parts);

/// Deployments are read for their rules; what they say comes in by merging.
struct Deployments {
  static void read(Reading& reading, const json::Value& value, Draft&) {
    std::vector<std::pair<std::string, Draft>> drafts;
    MapOf<DeploymentWord, ObjectOf<deployment_members>>::read(reading, value, drafts);
  }

  static void names(Names& names) {
    MapOf<DeploymentWord, ObjectOf<deployment_members>>::names(names);
  }
};

/// What one file says of itself.
constexpr std::array head{
    member<Text, &Draft::schema_uri>("$schema"),
    member<SchemaNumber, &Draft::schema>("schema", always),
    member<Id, &Product::id, Draft>("id", always),
    member<Version, &Draft::version>("version", always),
    member<Text, &Draft::summary>("summary"),
    member<Id, &Draft::extends>("extends"),
    member<Id, &Draft::replaces>("replaces"),
    member<DeploymentWord, &Draft::preferred>("preferred_deployment"),
    group<Deployments, Draft>("deployments"),
};

constexpr auto document_members = joined(head, parts);

constexpr std::array<std::string_view, 8> own_members{
    "$schema", "schema", "id", "version", "name", "summary", "extends", "replaces"};

}  // namespace

void read_document(Reading& reading, const json::Value& document, Draft& to) {
  ObjectOf<document_members>::read(reading, document, to);
}

bool is_own_member(std::string_view name) {
  return std::find(own_members.begin(), own_members.end(), name) != own_members.end();
}

std::vector<std::string> language_members() {
  Names names;
  ObjectOf<document_members>::names(names);
  return names.all();
}

}  // namespace atlink::plugins
