// SPDX-License-Identifier: Apache-2.0
#include "core/text/json_slice.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace atlink;
using Texts = std::vector<std::string>;

namespace {

/// The items at one pattern; {"(none)"} where there is no list, {"(error)"} for no document.
Texts items_at(std::string_view text, const std::string& pattern) {
  const auto slices = json::slice(text, {{pattern}, {}});
  if (!slices) {
    CHECK(slices.error().code == ErrorCode::json_invalid);
    return {"(error)"};
  }
  REQUIRE(slices->lists.size() == 1);
  if (!slices->lists[0]) {
    return {"(none)"};
  }
  Texts items;
  for (const std::string_view item : *slices->lists[0]) {
    CHECK(item.data() >= text.data());
    CHECK(item.data() + item.size() <= text.data() + text.size());
    items.emplace_back(item);
  }
  return items;
}

std::string scalar_at(std::string_view text, const std::string& pattern) {
  const auto slices = json::slice(text, {{}, {pattern}});
  REQUIRE(slices.has_value());
  return slices->scalars[0] ? slices->scalars[0]->text : "(none)";
}

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

}  // namespace

TEST_SUITE_BEGIN("core/text");

TEST_CASE("json slices: elements come byte for byte") {
  const std::string page =
      " {\"n\" : 1,\n \"values\" :[ {\"b\":1.10, \"a\" : \"\\u00e9\\n\"} "
      ",12345678901234567890123,\n"
      "\"x, ]\\\"\" , [ 1 ,2] ,null, true , {} ] , \"z\":[] } ";
  CHECK(items_at(page, "/values") == Texts{"{\"b\":1.10, \"a\" : \"\\u00e9\\n\"}",
                                           "12345678901234567890123",
                                           "\"x, ]\\\"\"",
                                           "[ 1 ,2]",
                                           "null",
                                           "true",
                                           "{}"});
  CHECK(items_at(page, "/z").empty());
  CHECK(items_at("[1, {\"a\":[]}]", "") == Texts{"1", "{\"a\":[]}"});
  CHECK(items_at("\xEF\xBB\xBF[\"\xC3\xA9\"]", "") == Texts{"\"é\""});
  CHECK(items_at("[[1],[2,3]]", "/1") == Texts{"2", "3"});
}

TEST_CASE("json slices: a pattern with a star collects, and may lead nowhere") {
  const std::string page = R"({"q":{"pages":{"7":{"t":"x"},"9":{"t":"y"}},"none":null},
                              "groups":[{"is":[1,2]},{"no":0},{"is":[]},{"is":[3]}]})";
  CHECK(items_at(page, "/q/pages/*") == Texts{R"({"t":"x"})", R"({"t":"y"})"});
  CHECK(items_at(page, "/groups/*/is") == Texts{"1", "2", "3"});
  CHECK(items_at(page, "/q/pages/*/t") == Texts{R"("x")", R"("y")"});
  CHECK(items_at(page, "/gone/*").empty());
  CHECK(items_at(page, "/gone") == Texts{"(none)"});
  CHECK(items_at(page, "/q/none") == Texts{"(none)"});
  CHECK(items_at(page, "/q/pages") == Texts{"(none)"});
  CHECK(items_at(R"({"a":[null,1]})", "/a/*") == Texts{"1"});
}

TEST_CASE("json slices: scalars are decoded, numbers keep their digits") {
  const std::string page =
      R"({"a/b":{"~":"x\u00e9"},"n":1e400,"t":true,"z":null,"n":2,"\u0078":[{"k":"first"},{"k":"2"}]})";
  CHECK(scalar_at(page, "/a~1b/~0") == "xé");
  CHECK(scalar_at(page, "/n") == "1e400");
  CHECK(scalar_at(page, "/t") == "true");
  CHECK(scalar_at(page, "/z") == "(none)");
  CHECK(scalar_at(page, "/x/1/k") == "2");
  CHECK(scalar_at(page, "/x/*/k") == "first");
  CHECK(scalar_at(page, "/x") == "(none)");
  CHECK(scalar_at(page, "") == "(none)");
}

TEST_CASE("json slices: many patterns at once, the same place several times") {
  const auto slices = json::slice(R"({"v":[1],"n":7})", {{"/w", "/v", "/v"}, {"/n", "", "/n"}});
  REQUIRE(slices.has_value());
  CHECK_FALSE(slices->lists[0].has_value());
  CHECK(slices->lists[1]->size() == 1);
  CHECK(slices->lists[2]->size() == 1);
  CHECK(slices->scalars[0]->text == "7");
  CHECK_FALSE(slices->scalars[1].has_value());
  CHECK(slices->scalars[2]->text == "7");
  const std::vector<std::string> many(64, "/v");
  CHECK(json::slice(R"({"v":[1]})", {many, {}}).value().lists[63]->size() == 1);
  CHECK_FALSE(json::slice("{}", {many, {"/v"}}).has_value());
  CHECK_FALSE(json::slice("{}", {{"v"}, {}}).has_value());
}

TEST_CASE("json slices: what is not one whole document is refused, wherever it is broken") {
  for (const char* bad : {"",
                          " ",
                          "1",
                          "\"x\"",
                          "null",
                          "{",
                          "[",
                          "]",
                          "}",
                          "{}{}",
                          "[1]]",
                          "[1] x",
                          "[1,]",
                          "[,1]",
                          "[1 2]",
                          "{\"a\"}",
                          "{\"a\":}",
                          "{\"a\":1,}",
                          "{a:1}",
                          "{\"a\":1 \"b\":2}",
                          "[01]",
                          "[1.]",
                          "[.5]",
                          "[+1]",
                          "[-]",
                          "[1e]",
                          "[1e+]",
                          "[tru]",
                          "[truex]",
                          "[nul]",
                          "[falsey]",
                          "[NaN]",
                          "['x']",
                          "[\"\\x\"]",
                          "[\"\\u12g4\"]",
                          "[\"\\u123\"]",
                          "[\"a\nb\"]",
                          "[\"a]",
                          "[{]}",
                          "[1}",
                          "{\"values\":[{\"a\":1},{\"a\"",
                          "{\"values\":[{\"a\":1},{\"a\":2}",
                          "[\"\xff\"]",
                          "{\"\\q\":1}",
                          "[\"a\"x]",
                          "[1x]"}) {
    CAPTURE(bad);
    CHECK(items_at(bad, "") == Texts{"(error)"});
    CHECK(items_at(bad, "/values") == Texts{"(error)"});
  }
}

TEST_CASE("json slices: depth is bounded, numbers are not") {
  CHECK(items_at(nested(500), "").size() == 1);
  CHECK(items_at(nested(5000), "") == Texts{"(error)"});
  const std::string digits(100000, '7');
  CHECK(items_at("[" + digits + "]", "") == Texts{digits});
}

TEST_SUITE_END();
