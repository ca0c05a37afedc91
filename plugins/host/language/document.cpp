// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/language/answers.h"
#include "plugins/host/language/language.h"
#include "plugins/host/language/link.h"
#include "plugins/host/language/operations.h"
#include "plugins/host/language/sign_in.h"

#include <algorithm>
#include <array>

namespace atlink::plugins {

namespace {

using enum Presence;
using namespace language;

/// What a description says of the product, for all deployments or for one.
constexpr std::array parts{
    member<Text, &Product::name, Draft>("name", required),
    group<ObjectOf<context_path>, Draft>("context_path"),
    member<NamedOf<SettingName, SettingMembers>, &Product::settings, Draft>("settings"),
    group<ObjectOf<detect>, Draft>("detect"),
    group<ObjectOf<sign_in>, Draft>("sign_in"),
    member<IdentityMembers, &Product::identity, Draft>("identity"),
    member<MapOf<Id, Signal>, &Draft::named_signals>("signals"),
    member<MapOf<AddedHeaderName, ObjectOf<header>>, &Draft::named_headers>("headers"),
    member<ObjectOf<xsrf>, &Product::xsrf, Draft>("xsrf"),
    group<ObjectOf<errors>, Draft>("errors"),
    member<ObjectOf<rate_limit>, &Product::rate_limit, Draft>("rate_limit"),
    member<NamedOf<Id, PagerMembers>, &Product::pagers, Draft>("pagers"),
    member<NamedOf<Id, ApiMembers>, &Product::apis, Draft>("apis"),
    member<NamedOf<Id, ObjectOf<query_language>>, &Product::query_languages, Draft>(
        "query_languages"),
    member<NamedOf<Id, OperationMembers>, &Product::operations, Draft>("operations"),
    member<NamedOf<Id, RecipeMembers>, &Product::recipes, Draft>("recipes"),
    member<SetOf<Id>, &Product::catalogues, Draft>("catalogues"),
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
    member<SetOf<Feature>, &Draft::needs>("needs"),
    member<Text, &Draft::summary>("summary"),
    member<Id, &Draft::extends>("extends"),
    member<Id, &Draft::replaces>("replaces"),
    member<DeploymentWord, &Draft::preferred>("preferred_deployment"),
    group<Deployments, Draft>("deployments"),
};

constexpr auto document_members = joined(head, parts);

constexpr std::array catalogue{
    member<Text, &Draft::schema_uri>("$schema"),
    member<SchemaNumber, &Draft::schema>("schema", always),
    member<NamedOf<Id, OperationMembers>, &Product::operations, Draft>("operations"),
    member<NamedOf<Id, RecipeMembers>, &Product::recipes, Draft>("recipes"),
};

constexpr std::array<std::string_view, 9> own_members{
    "$schema", "schema", "id", "version", "needs", "name", "summary", "extends", "replaces"};

/// By its rule, a problem that a newer program does not have.
bool wants_newer(const Problem& problem) {
  return problem.rule == "schema" || problem.rule == "needs";
}

/// Whether the rest is in the language of this program; reports it otherwise.
bool is_readable(Reading& reading, const json::Value& document) {
  json::Value gate{json::Object{}};
  for (const std::string_view name : {"schema", "needs"}) {
    if (const json::Value* value = document.find(name)) {
      gate.set(std::string(name), *value);
    }
  }
  Reading trial = reading;
  Draft draft;
  ObjectOf<head>::read(trial, gate, draft);
  bool readable = true;
  for (const Problem& problem : trial.problems()) {
    if (wants_newer(problem)) {
      reading.report(problem);
      readable = false;
    }
  }
  return readable;
}

}  // namespace

void read_document(Reading& reading, const json::Value& document, Draft& to) {
  if (is_readable(reading, document)) {
    ObjectOf<document_members>::read(reading, document, to);
  }
}

void read_catalogue(Reading& reading, const json::Value& document, Draft& to) {
  if (is_readable(reading, document)) {
    ObjectOf<catalogue>::read(reading, document, to);
  }
}

bool is_own_member(std::string_view name) {
  return std::find(own_members.begin(), own_members.end(), name) != own_members.end();
}

std::vector<std::string> language_members() {
  Names names;
  ObjectOf<document_members>::names(names);
  return names.all();
}

std::vector<std::string> needed_members() {
  Names names;
  ObjectOf<document_members>::names(names);
  return names.needed();
}

std::vector<std::string> catalogue_members() {
  Names names;
  ObjectOf<catalogue>::names(names);
  return names.all();
}

}  // namespace atlink::plugins
