// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/judge.h"

#include "plugins/host/language/language.h"
#include "plugins/host/merge.h"
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  return member != nullptr && member->as_string() != nullptr ? *member->as_string() : "";
}

Judgement judged(PluginFolders& machine,
                 const std::string& folder = "/flag/acme",
                 SearchFolder::From from = SearchFolder::From::flag) {
  return judge(
      machine.files, machine.folders, {folder.substr(folder.rfind('/') + 1), folder, from});
}

const BrokenRule* find(const Judgement& judgement, std::string_view rule) {
  const auto found = std::find_if(judgement.broken.begin(),
                                  judgement.broken.end(),
                                  [&](const BrokenRule& each) { return each.rule == rule; });
  return found == judgement.broken.end() ? nullptr : &*found;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

/// The cases of broken.json whose file is a patch of the example.
void each_broken(const std::function<void(const json::Value& broken, json::Value document)>& then) {
  const auto cases = json::parse(plugin_data("broken.json"));
  REQUIRE(cases.has_value());
  for (const json::Value& broken : *cases->as_array()) {
    json::Value description = acme();
    if (const json::Value* patch = broken.find("patch")) {
      merge_patch(description, *patch);
      if (const json::Value* more = broken.find("then")) {
        merge_patch(description, *more);
      }
    } else if (const json::Value* deployment = broken.find("deployment")) {
      description.set("deployments", json::Object{{"data-center", *deployment}});
    } else {
      continue;  // text that is no JSON
    }
    then(broken, std::move(description));
  }
}

}  // namespace

TEST_CASE("judge: the page lists the rules of the list, in its words and order") {
  const std::string page = source("docs/product-description.md");
  const std::string part = page.substr(page.find("\n## Rules"));
  const std::regex row("\n\\| `([a-z-]+)` \\| ([^\n]+) \\|(?=\n|$)");
  std::vector<std::pair<std::string, std::string>> told;
  for (std::sregex_iterator each(part.begin(), part.end(), row), end; each != end; ++each) {
    told.emplace_back((*each)[1], (*each)[2]);
  }
  std::vector<std::pair<std::string, std::string>> listed;
  for (const DescriptionRule& rule : description_rules()) {
    listed.emplace_back(rule.name, rule.broken_by);
  }
  CHECK(told == listed);
}

TEST_CASE("judge: a rule waits for members that the language has") {
  std::set<std::string> members;
  for (const std::string& pointer : language_members()) {
    members.insert(pointer.substr(pointer.rfind('/') + 1));
  }
  for (const DescriptionRule& rule : description_rules()) {
    for (const std::string& name : words_of(rule.members)) {
      CAPTURE(rule.name);
      CAPTURE(name);
      CHECK(members.count(name) == 1);
    }
  }
}

TEST_CASE("judge: every broken description breaks its rule here, too, and no rule is only a name") {
  // These are broken by more than one file: see the tests of the registry and of catalogues.
  std::set<std::string> seen{"json",
                             "file",
                             "too-large",
                             "trust",
                             "id-taken",
                             "extends-depth",
                             "named-twice",
                             "catalogue-missing"};
  each_broken([&](const json::Value& broken, const json::Value& description) {
    CAPTURE(text_of(broken, "case"));
    PluginFolders machine;
    machine.files.file("/flag/acme/product.json", json::write(description, 2));
    const Judgement judgement = judged(machine);
    const std::string name = text_of(broken, "rule");
    const BrokenRule* rule = find(judgement, name);
    REQUIRE(rule != nullptr);
    CHECK(rule->file == "/flag/acme/product.json");
    // The name of a header with a line break is written with an escape.
    CHECK((rule->line > 0 || rule->pointer.find('\n') != std::string::npos));
    CHECK_FALSE(rule->next.empty());
    CHECK(rule->message.find("/flag") == std::string::npos);
    seen.insert(name);
    const auto listed = std::find_if(
        description_rules().begin(), description_rules().end(), [&](const DescriptionRule& each) {
          return each.name == name;
        });
    // What is broken was there to be judged, and not before its stage.
    CHECK((listed->members.empty() || has_member(description, listed->members)));
    CHECK(listed->stage != RuleStage::file);
  });
  for (const DescriptionRule& rule : description_rules()) {
    CAPTURE(rule.name);
    CHECK(seen.count(std::string(rule.name)) == 1);
  }
}

TEST_CASE("judge: all that is wrong is told, each once, with its line") {
  PluginFolders machine;
  machine.files.file("/flag/acme/product.json",
                     "{\n  \"schema\": 1,\n  \"id\": \"acme\",\n  \"version\": \"x\",\n"
                     "  \"nmae\": 1,\n  \"sign_in\": {\n    \"oauth1\": {\n"
                     "      \"request_token\": { \"path\": \"a\" }\n    }\n  }\n}\n");
  const Judgement judgement = judged(machine);
  std::vector<std::string> told;
  for (const BrokenRule& each : judgement.broken) {
    told.push_back(each.rule + ":" + std::to_string(each.line) + ":" + each.pointer);
  }
  CHECK(told == std::vector<std::string>{"version:4:/version",
                                         "unknown-member:5:/nmae",
                                         "path:8:/sign_in/oauth1/request_token/path",
                                         "missing-member:7:/sign_in/oauth1",
                                         "missing-member:7:/sign_in/oauth1",
                                         "missing-member:1:"});
  CHECK(judgement.reached == RuleStage::whole);
  CHECK(judgement.version.empty());
}

TEST_CASE("judge: what is wrong is found where it was said") {
  PluginFolders machine;
  machine.put("/usr/share/plugins", "base", [] {
    json::Value base = small("base");
    base.set("identity", json::Object{{"endpoint", json::Object{{"path", "/me"}}}});
    base.set(
        "deployments",
        json::Object{{"cloud", json::Object{{"name", "Cloud"}}}, {"data-center", json::Object{}}});
    base.set("preferred_deployment", "cloud");
    return base;
  }());
  machine.put("/flag", "acme", small("acme", {{"extends", "base"}}));
  const Judgement judgement = judged(machine);
  REQUIRE(judgement.broken.size() == 1);
  CHECK(judgement.broken[0].rule == "identity");
  CHECK(judgement.broken[0].file == "/usr/share/plugins/base/product.json");
  CHECK(judgement.broken[0].pointer == "/identity");
  machine.put(
      "/flag",
      "acme",
      small("acme",
            {{"extends", "base"},
             {"deployments",
              json::Object{{"cloud",
                            json::Object{{"identity",
                                          json::Object{{"json", json::Array{"/x"}},
                                                       {"anonymous", json::Array{"a"}}}}}}}},
             {"preferred_deployment", "cloud"}}));
  const Judgement after = judged(machine);
  REQUIRE(after.broken.size() == 1);
  CHECK(after.broken[0].file == "/usr/share/plugins/base/product.json");
}

TEST_CASE("judge: what stops the reader is one broken rule, and later ones are not reached") {
  PluginFolders machine;
  machine.files.file("/flag/acme/product.json", "{ \"schema\": 1, ]");
  CHECK(find(judged(machine), "json") != nullptr);
  CHECK(judged(machine).reached == RuleStage::file);
  machine.files.file("/flag/acme/product.json", std::string((1 << 20) + 1, ' '));
  CHECK(find(judged(machine), "too-large") != nullptr);
  machine.files.remove("/flag/acme/product.json");
  CHECK(find(judged(machine), "file") != nullptr);
  machine.put("/flag", "acme", acme());
  machine.files.at("/flag/acme").mode = 0757;
  const Judgement untrusted = judged(machine);
  REQUIRE(untrusted.broken.size() == 1);
  CHECK(untrusted.broken[0].rule == "trust");
  CHECK(untrusted.broken[0].file == "/flag/acme");
}

TEST_CASE("judge: a chain that cannot be followed is told, and the file is still judged") {
  PluginFolders machine;
  machine.put("/flag", "acme", small("acme", {{"extends", "nowhere"}, {"nmae", 1}}));
  const Judgement missing = judged(machine);
  CHECK(find(missing, "extends-missing") != nullptr);
  CHECK(find(missing, "unknown-member") != nullptr);
  CHECK(missing.reached == RuleStage::document);
  machine.files.file("/usr/share/plugins/nowhere/product.json", "[]");
  const Judgement broken = judged(machine);
  const BrokenRule* kind = find(broken, "kind");
  REQUIRE(kind != nullptr);
  CHECK(kind->file == "/usr/share/plugins/nowhere/product.json");
}

TEST_CASE("judge: notes are told by the rule that they are about") {
  PluginFolders machine;
  machine.put("/flag", "acme", acme());
  CHECK(judged(machine).notes.empty());
  CHECK(judged(machine).broken.empty());
  machine.files.at("/flag/acme").mode = 0775;
  machine.put("/usr/share/plugins", "acme", small("acme"));
  const Judgement judgement = judged(machine);
  CHECK(judgement.broken.empty());
  REQUIRE(judgement.notes.size() == 2);
  CHECK(judgement.notes[0].rule == "trust");
  CHECK(judgement.notes[1].rule == "id-taken");
  CHECK(judgement.notes[1].message.find("/usr/share/plugins/acme") != std::string::npos);
  CHECK(judgement.notes[1].next.find("\"replaces\": \"acme\"") != std::string::npos);
  // A copy of what is installed takes nothing from anybody, and what replaces says so.
  machine.put("/usr/share/plugins", "acme", acme());
  CHECK(judged(machine).notes.size() == 1);
  machine.put("/usr/share/plugins", "acme", small("acme"));
  json::Value replacing = acme();
  replacing.set("replaces", "acme");
  machine.put("/flag", "acme", replacing);
  CHECK(judged(machine).notes.size() == 1);
}

TEST_CASE("judge: the plugin that counts for an id is found") {
  PluginFolders machine;
  machine.put("/flag", "acme", acme());
  machine.put("/usr/share/plugins", "acme", acme());
  const auto place = find_place(machine.files, machine.folders, "acme");
  REQUIRE(place.has_value());
  CHECK(place->folder == "/usr/share/plugins/acme");
  CHECK(place->from == SearchFolder::From::installed);
  CHECK(judge(machine.files, machine.folders, *place).broken.empty());
  const auto missing = find_place(machine.files, machine.folders, "acne");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == ErrorCode::product_missing);
  CHECK_FALSE(find_place(machine.files, machine.folders, "../acme").has_value());
}

TEST_CASE("judge: members are looked for everywhere but below one's own") {
  const auto document = json::parse(R"({"a": [{"b": {"c": 1}}], "x-d": {"e": 1}})");
  REQUIRE(document.has_value());
  CHECK(has_member(*document, "c"));
  CHECK(has_member(*document, "nothing c"));
  CHECK_FALSE(has_member(*document, "e"));
  CHECK_FALSE(has_member(*document, "x-d2 bb"));
  CHECK_FALSE(has_member(*document, ""));
}

TEST_SUITE_END();
