// SPDX-License-Identifier: Apache-2.0
#include "plugins/host/merge.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;

namespace {

json::Value parsed(const std::string& text) {
  auto value = json::parse(text);
  REQUIRE_MESSAGE(value.has_value(), text);
  return *value;
}

std::string origin(const Origins& origins, const std::string& pointer) {
  const auto found = origins.find(pointer);
  return found == origins.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("merge: every example of RFC 7396 appendix A") {
  const std::vector<std::vector<std::string>> rows{
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    CAPTURE(row[1]);
    json::Value into = parsed(row[0]);
    merge_patch(into, parsed(row[1]));
    CHECK(json::write(into) == row[2]);
  }
}

TEST_CASE("merge: the origin of each leaf is the last description that set it") {
  Origins origins;
  json::Value document{json::Object{}};
  merge_description(document, parsed(R"({"a":{"x":1,"y":[1,2]},"b":{"z":1}})"), "base", &origins);
  merge_description(document, parsed(R"({"a":{"y":[3]},"b":null,"c~/d":true})"), "child", &origins);
  CHECK(json::write(document) == R"({"a":{"x":1,"y":[3]},"c~/d":true})");
  CHECK(origins.size() == 3);
  CHECK(origin(origins, "/a/x") == "base");
  CHECK(origin(origins, "/a/y") == "child");
  CHECK(origin(origins, "/c~0~1d") == "child");
}

TEST_CASE("merge: what an object replaces has no origin any more, and the other way round") {
  Origins origins;
  json::Value document{json::Object{}};
  merge_description(document, parsed(R"({"a":{"x":1},"b":1,"e":{}})"), "base", &origins);
  CHECK(origin(origins, "/e") == "base");
  merge_description(document, parsed(R"({"a":2,"b":{"y":1},"e":{"f":1}})"), "child", &origins);
  CHECK(origins.size() == 3);
  CHECK(origin(origins, "/a") == "child");
  CHECK(origin(origins, "/b/y") == "child");
  CHECK(origin(origins, "/e/f") == "child");
}

TEST_CASE("merge: null inside a deployment is kept for when the deployment comes in") {
  Origins origins;
  json::Value document{json::Object{}};
  merge_description(document,
                    parsed(R"({"a":{"x":1,"y":2},"deployments":{"cloud":{"a":{"x":null}}}})"),
                    "base",
                    &origins);
  CHECK(origin(origins, "/deployments/cloud/a/x") == "base");
  json::Value cloud = *document.find("deployments")->find("cloud");
  merge_patch(document, cloud);
  CHECK(json::write(*document.find("a")) == R"({"y":2})");
}

TEST_CASE("merge: null takes a whole deployment away") {
  Origins origins;
  json::Value document{json::Object{}};
  merge_description(
      document, parsed(R"({"deployments":{"cloud":{"a":1},"data-center":{}}})"), "base", &origins);
  merge_description(document, parsed(R"({"deployments":{"cloud":null}})"), "child", &origins);
  CHECK(json::write(document) == R"({"deployments":{"data-center":{}}})");
  CHECK(origins.count("/deployments/cloud/a") == 0);
}

TEST_SUITE_END();
