// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/rules.h"

#include "plugins/host/language/language.h"
#include "plugins/host/merge.h"
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* member = object.find(name);
  return member != nullptr && member->as_string() != nullptr ? *member->as_string() : "";
}

/// UTF-8 of letters up to U+00FF as ISO 8859-1.
std::string to_latin1(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    bytes += byte < 0x80 ? text[i]
                         : static_cast<char>(0x40 * (byte & 3U) +
                                             (static_cast<unsigned char>(text[++i]) & 0x3FU));
  }
  return bytes;
}

/// The file that a case of broken.json stands for.
std::string broken_file(const json::Value& broken) {
  if (broken.find("text") != nullptr) {
    return text_of(broken, "text");
  }
  if (broken.find("latin1") != nullptr) {
    return to_latin1(text_of(broken, "latin1"));
  }
  json::Value description = acme();
  if (const json::Value* patch = broken.find("patch")) {
    merge_patch(description, *patch);
  }
  if (const json::Value* then = broken.find("then")) {
    merge_patch(description, *then);
  }
  if (const json::Value* deployment = broken.find("deployment")) {
    description.set("deployments", json::Object{{"data-center", *deployment}});
  }
  return json::write(description, 2);
}

/// What reading gives for a description, as a file or as an effective one.
std::vector<Problem> problems_of(const json::Value& document, Reading::Stage stage) {
  Reading reading(stage);
  Draft draft;
  read_document(reading, document, draft);
  return reading.problems();
}

}  // namespace

TEST_CASE("rules: each broken description is told by file, place, rule and remedy") {
  const auto cases = json::parse(plugin_data("broken.json"));
  REQUIRE(cases.has_value());
  for (const json::Value& broken : *cases->as_array()) {
    CAPTURE(text_of(broken, "case"));
    PluginFolders machine;
    machine.files.file("/flag/acme/product.json", broken_file(broken));
    const auto described = machine.registry().describe("acme");
    REQUIRE_FALSE(described.has_value());
    const Error& error = described.error();
    CHECK(error.code == ErrorCode::plugin_invalid);
    CHECK(error.fact("rule") == text_of(broken, "rule"));
    CHECK(error.fact("pointer") == text_of(broken, "pointer"));
    CHECK(error.fact("file") == "/flag/acme/product.json");
    CHECK(error.message.rfind("/flag/acme/product.json", 0) == 0);
    CAPTURE(said(error));
    CHECK(error.message.find(text_of(broken, "says")) != std::string::npos);
    CHECK(error.next.find(text_of(broken, "next")) != std::string::npos);
    CHECK_FALSE(error.next.empty());
    CHECK(error.message.find_first_of("\n\r\x1b") == std::string::npos);
  }
}

TEST_CASE("rules: the worked example breaks none") {
  CHECK(problems_of(acme(), Reading::Stage::file).empty());
  CHECK(problems_of(acme(), Reading::Stage::effective).empty());
}

TEST_CASE("rules: of what is written for a newer program, only that is said") {
  json::Value description = acme();
  merge_patch(description, *json::parse(R"({"needs": ["telepathy"], "thoughts": [], "id": 7})"));
  const auto problems = problems_of(description, Reading::Stage::file);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].rule == "needs");
}

TEST_CASE("rules: a description may need what this program has") {
  json::Value description = acme();
  json::Array all;
  for (const std::string_view feature : features()) {
    all.emplace_back(feature);
  }
  REQUIRE_FALSE(all.empty());
  description.set("needs", std::move(all));
  CHECK(problems_of(description, Reading::Stage::file).empty());
  CHECK(problems_of(description, Reading::Stage::effective).empty());
}

TEST_CASE("rules: the message names the line of the file and counts what else is wrong") {
  PluginFolders machine;
  machine.files.file("/flag/acme/product.json",
                     "{\n  \"schema\": 1,\n  \"id\": \"acme\",\n  \"version\": \"x\",\n"
                     "  \"name\": \"\",\n  \"nmae\": 1\n}\n");
  const auto described = machine.registry().describe("acme");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().fact("line") == "4");
  CHECK(described.error().message ==
        "/flag/acme/product.json:4, /version: \"x\" cannot be used here (and 2 more)");
}

TEST_CASE("rules: members of one's own begin with x- and are let alone everywhere") {
  json::Value description = acme();
  description.set("x-note", json::Array{1, nullptr, "\x1b"});
  merge_patch(description,
              *json::parse(R"({"sign_in": {"x-why": "because", "oauth1": {"x-y": {}}}})"));
  CHECK(problems_of(description, Reading::Stage::file).empty());
  CHECK(problems_of(description, Reading::Stage::effective).empty());
}

TEST_CASE("rules: null takes a member away in a file and is wrong in an effective description") {
  json::Value description = acme();
  description.set("identity", nullptr);
  CHECK(problems_of(description, Reading::Stage::file).empty());
  const auto problems = problems_of(description, Reading::Stage::effective);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].rule.str() == "kind");
}

TEST_CASE("rules: elements of lists are whole in every file") {
  const auto partial = json::parse(R"({"schema": 1, "id": "acme", "version": "1",
      "link": {"guides": {"classic": {"who": "an administrator"}},
               "screens": {"kind": {"fields": [{"label": "A"}]}}}})");
  REQUIRE(partial.has_value());
  const auto problems = problems_of(*partial, Reading::Stage::file);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].pointer == "/link/screens/kind/fields/0");
  CHECK(problems[0].rule.str() == "missing-member");
}

TEST_CASE("rules: what every file needs is not looked for in what it builds on") {
  const auto next_of = [](const char* text, Reading::Stage stage) {
    const auto document = json::parse(text);
    REQUIRE(document.has_value());
    const auto problems = problems_of(*document, stage);
    REQUIRE_FALSE(problems.empty());
    CHECK(problems[0].rule == "missing-member");
    return problems[0].next;
  };
  CHECK(next_of(R"({"schema": 1, "id": "acme"})", Reading::Stage::file) ==
        "add it; every file needs it");
  CHECK(next_of(R"({"schema": 1, "id": "acme", "version": "1"})", Reading::Stage::effective) ==
        "add it, here or in what this extends");
}

TEST_CASE("rules: paths that are odd but harmless pass") {
  for (const char* path : {"/",
                           "/a",
                           "/a/",
                           "/a.b/..c/...",
                           "/plugins/servlet/oauth/request-token",
                           "/caf%C3%A9/a%20b",
                           "/a:b@c;d=e/$&'()*+,=!~"}) {
    CAPTURE(path);
    json::Value description = acme();
    merge_patch(
        description,
        json::Object{{"identity", json::Object{{"endpoint", json::Object{{"path", path}}}}}});
    CHECK(problems_of(description, Reading::Stage::effective).empty());
  }
}

TEST_CASE("rules: text may have any letters, counted as a person counts") {
  std::string longest;
  for (int i = 0; i < 2000; ++i) {
    longest += "é";
  }
  json::Value description = acme();
  description.set("name", longest);
  CHECK(problems_of(description, Reading::Stage::file).empty());
  description.set("name", longest + "é");
  CHECK(problems_of(description, Reading::Stage::file).size() == 1);
}

TEST_CASE("rules: a whole number is one however it is written") {
  json::Value description = acme();
  merge_patch(description, *json::parse(R"({"schema": 1.0, "pagers": {"things": {"first": 1e2}},
      "signals": {"too-many": {"status": [420.0, 429]}}})"));
  CHECK(problems_of(description, Reading::Stage::file).empty());
  merge_patch(description, *json::parse(R"({"signals": {"too-many": {"status": [429, 429.0]}},
      "pagers": {"things": {"first": 0.5, "usual_size": 1e300}}})"));
  const auto problems = problems_of(description, Reading::Stage::file);
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].rule == "listed-twice");
  CHECK(problems[1].rule == "kind");
  CHECK(problems[2].rule == "kind");
}

TEST_CASE("rules: versions compare number by number") {
  CHECK(compare_versions("8.22", "8.3") == 1);
  CHECK(compare_versions("8.22", "8.22.0") == 0);
  CHECK(compare_versions("9", "10") == -1);
  CHECK(compare_versions("10.1", "10.1.2") == -1);
  CHECK(compare_versions("10.1-m3", "10.1") == 0);
}

TEST_SUITE_END();
