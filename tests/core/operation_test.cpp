// SPDX-License-Identifier: Apache-2.0
#include "atlink/operation.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

namespace {

const std::vector<QueryLanguage> languages{{"aql", "'", "\\"}};

Operation listing() {
  Operation operation;
  operation.name = "thing-list";
  operation.path = "/api/{team}/things-of-{kind}";
  operation.parameters = {
      {"team", "", true, ""}, {"kind", "", true, ""}, {"where", "", false, "aql"}};
  operation.query = {{"where", "owner = {where}"}, {"fixed", "a {{b}} c"}};
  return operation;
}

FilledOperation filled(const Operation& operation, const TemplateValues& values) {
  auto done = fill_in(operation, languages, values);
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message));
  return *std::move(done);
}

Error refusal(const Operation& operation, const TemplateValues& values) {
  auto done = fill_in(operation, languages, values);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == ErrorCode::usage);
  CHECK_FALSE(done.error().next.empty());
  return done.error();
}

}  // namespace

TEST_CASE("operation: values are encoded for their place in the path") {
  const auto call = filled(listing(), {{"team", "a/b ?#%"}, {"kind", "\xC3\xA4{x}"}});
  CHECK(call.path == "/api/a%2Fb%20%3F%23%25/things-of-%C3%A4%7Bx%7D");
  CHECK(call.method == "GET");
}

TEST_CASE("operation: a value cannot climb or leave out a segment") {
  CHECK(refusal(listing(), {{"team", ".."}, {"kind", "x"}}).message.find("\"..\"") !=
        std::string::npos);
  CHECK(refusal(listing(), {{"team", "."}, {"kind", "x"}}).message.find("segment") !=
        std::string::npos);
  CHECK(refusal(listing(), {{"team", ""}, {"kind", "x"}}).message.find("segment") !=
        std::string::npos);
}

TEST_CASE("operation: a parameter of the segment does not hide that a value climbs") {
  Operation operation = listing();
  operation.path = "/api/{team};v=1/x";
  for (const char* value : {"..", ".", ""}) {
    CAPTURE(value);
    CHECK(refusal(operation, {{"team", value}, {"kind", "x"}}).message.find("segment") !=
          std::string::npos);
  }
  CHECK(filled(operation, {{"team", "..."}, {"kind", "x"}}).path == "/api/...;v=1/x");
}

TEST_CASE("operation: a path may end with a slash, and no value can put one there") {
  Operation operation = listing();
  for (const char* path : {"/", "/api/", "/api/{team}/"}) {
    CAPTURE(path);
    operation.path = path;
    const auto call = filled(operation, {{"team", "t"}, {"kind", "k"}});
    CHECK(call.path.back() == '/');
  }
  CHECK(refusal(operation, {{"team", ""}, {"kind", "k"}}).message.find("segment") !=
        std::string::npos);
  operation.path = "/api/{team}";
  CHECK(refusal(operation, {{"team", ""}, {"kind", "k"}}).message.find("segment") !=
        std::string::npos);
}

TEST_CASE("operation: a literal keeps its value inside its quotes") {
  const auto call =
      filled(listing(), {{"team", "t"}, {"kind", "k"}, {"where", "x' or \\ owner = 'y"}});
  REQUIRE(call.query.size() == 2);
  CHECK(call.query[0].second == "owner = 'x\\' or \\\\ owner = \\'y'");
  CHECK(call.query[1].second == "a {b} c");
  CHECK(refusal(listing(), {{"team", "t"}, {"kind", "k"}, {"where", "a\nb"}})
            .message.find("control character") != std::string::npos);
}

TEST_CASE("operation: what is made of a value that was not given is left out") {
  const auto call = filled(listing(), {{"team", "t"}, {"kind", "k"}});
  REQUIRE(call.query.size() == 1);
  CHECK(call.query[0].first == "fixed");
}

TEST_CASE("operation: JSON takes values as texts, whatever they hold") {
  Operation adding;
  adding.name = "thing-add";
  adding.method = "POST";
  adding.path = "/api/things";
  adding.parameters = {{"name", "", true, ""}, {"owner", "", false, ""}};
  adding.json =
      *json::parse(R"({"name": "{name}", "by": {"login": "{owner}"}, "n": [1, "{owner}"]})");
  CHECK(filled(adding, {{"name", "\"}, \"x\": {\""}}).json ==
        R"({"name":"\"}, \"x\": {\"","by":{},"n":[1]})");
  CHECK(filled(adding, {{"name", "a"}, {"owner", "b"}}).json ==
        R"({"name":"a","by":{"login":"b"},"n":[1,"b"]})");
}

TEST_CASE("operation: JSON takes numbers, flags and JSON as what they are") {
  using Type = OperationParameter::Type;
  Operation adding;
  adding.name = "thing-add";
  adding.method = "POST";
  adding.path = "/api/things";
  adding.parameters = {{"days", "", false, "", Type::number},
                       {"open", "", false, "", Type::flag},
                       {"fields", "", false, "", Type::json}};
  adding.json = *json::parse(R"({"d": "{days}", "t": "{days} days", "o": "{open}",
                                 "f": ["{fields}"]})");
  CHECK(filled(adding, {{"days", "90"}, {"open", "false"}, {"fields", R"({"a": [1.5, "{x}"]})"}})
            .json == R"({"d":90,"t":"90 days","o":false,"f":[{"a":[1.5,"{x}"]}]})");
  CHECK(filled(adding, {}).json == R"({"f":[]})");
  CHECK(refusal(adding, {{"days", "soon"}}).message.find("must be a number") != std::string::npos);
  CHECK(refusal(adding, {{"days", "true"}}).message.find("must be a number") != std::string::npos);
  CHECK(refusal(adding, {{"open", "1"}}).message.find("true or false") != std::string::npos);
  CHECK(refusal(adding, {{"fields", "{"}}).message.find("must be JSON") != std::string::npos);
}

TEST_CASE("operation: a value of several segments stays below where it stands") {
  Operation reading;
  reading.name = "file-get";
  reading.path = "/api/files/{file}/raw";
  reading.parameters = {{"file", "", true, "", OperationParameter::Type::path}};
  CHECK(filled(reading, {{"file", "docs/a b?.md"}}).path == "/api/files/docs/a%20b%3F.md/raw");
  CHECK(filled(reading, {{"file", "a"}}).path == "/api/files/a/raw");
  for (const char* climbing : {"", "/", "a/", "/a", "a//b", "../a", "a/.", "a/../b"}) {
    CAPTURE(climbing);
    CHECK(refusal(reading, {{"file", climbing}}).message.find("segment") != std::string::npos);
  }
}

TEST_CASE("operation: a form takes raw values") {
  Operation adding;
  adding.name = "token-add";
  adding.method = "POST";
  adding.path = "/api/tokens";
  adding.parameters = {{"name", "", true, ""}, {"days", "", false, ""}};
  adding.form = {{"label", "my {name}"}, {"days", "{days}"}};
  const auto call = filled(adding, {{"name", "a+b &="}});
  REQUIRE(call.form.has_value());
  CHECK(*call.form == FormFields{{"label", "my a+b &="}});
  CHECK(call.json.empty());
}

TEST_CASE("operation: unknown and missing parameters are named with those there are") {
  const Error unknown = refusal(listing(), {{"team", "t"}, {"kind", "k"}, {"knid", "x"}});
  CHECK(unknown.message.find("\"knid\"") != std::string::npos);
  CHECK(unknown.next == "it takes: team, kind, where");
  const Error missing = refusal(listing(), {{"team", "t"}});
  CHECK(missing.message.find("\"kind\" is missing") != std::string::npos);
}

TEST_CASE("operation: a default counts where nothing is given, and is encoded like any value") {
  Operation operation = listing();
  operation.parameters = {{"team", "", false, "", OperationParameter::Type::text, "a/b"},
                          {"kind", "", true, "", OperationParameter::Type::text, "k"},
                          {"where", "", false, "aql", OperationParameter::Type::text, "it's"}};
  const auto call = filled(operation, {});
  CHECK(call.path == "/api/a%2Fb/things-of-k");
  CHECK(call.query.front() == FormFields::value_type("where", "owner = 'it\\'s'"));
  CHECK(filled(operation, {{"team", "t"}}).path == "/api/t/things-of-k");
}

TEST_CASE("operation: a number is counted on from, in JSON, query and path alike") {
  using Type = OperationParameter::Type;
  Operation operation;
  operation.name = "thing-update";
  operation.method = "PUT";
  operation.path = "/things/{version}";
  operation.parameters = {{"version", "", true, "", Type::number, std::nullopt, 1}};
  operation.query = {{"v", "{version}"}};
  operation.json = json::Value(json::Object{{"number", "{version}"}, {"text", "v{version}"}});
  const auto call = filled(operation, {{"version", "7"}});
  CHECK(call.path == "/things/8");
  CHECK(call.query == FormFields{{"v", "8"}});
  CHECK(call.json == R"({"number":8,"text":"v8"})");
  for (const char* value : {"7.5", "9223372036854775807", "1e3", "x", "true"}) {
    CAPTURE(value);
    CHECK(refusal(operation, {{"version", value}}).message.find("number") != std::string::npos);
  }
}

TEST_CASE("operation: {null} in a body is null, and nothing else is") {
  Operation operation;
  operation.name = "thing-free";
  operation.method = "PUT";
  operation.path = "/things";
  operation.json = json::Value(json::Object{
      {"owner", "{null}"}, {"list", json::Array{"{null}", "a"}}, {"text", "{{null}}"}});
  CHECK(filled(operation, {}).json == R"({"owner":null,"list":[null,"a"],"text":"{null}"})");
}

TEST_CASE("operation: fields go beside a file") {
  Operation operation;
  operation.name = "picture-add";
  operation.method = "POST";
  operation.path = "/pictures";
  operation.parameters = {{"comment", "", false, ""}, {"minor", "", false, ""}};
  operation.upload = UploadRule{"file"};
  operation.form = {{"comment", "{comment}"}, {"minorEdit", "{minor}"}};
  CHECK(filled(operation, {{"comment", "a & b"}}).form == FormFields{{"comment", "a & b"}});
}

TEST_SUITE_END();
