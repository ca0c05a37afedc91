// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

TEST_SUITE_BEGIN("core/text");

using namespace atlink;

namespace {

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') +
         std::string(static_cast<std::size_t>(levels), ']');
}

std::string message_for(std::string_view text) {
  const auto value = json::parse(text);
  REQUIRE_FALSE(value.has_value());
  CHECK(value.error().code == ErrorCode::json_invalid);
  return value.error().message;
}

}  // namespace

TEST_CASE("json: every kind is read, and members keep their order") {
  const auto value =
      json::parse(R"({"z":null,"a":[true,false,-7,9223372036854775807,1.5,"x\u00e9\n"],"o":{}})");
  REQUIRE(value.has_value());
  CHECK(value->kind() == "object");
  CHECK(value->as_object()->at(0).first == "z");
  CHECK(value->find("z")->is_null());
  const json::Array& a = *value->find("a")->as_array();
  CHECK(*a[0].as_bool());
  CHECK_FALSE(*a[1].as_bool());
  CHECK(*a[2].as_integer() == -7);
  CHECK(*a[3].as_integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(*a[4].as_double() == 1.5);
  CHECK(*a[5].as_string() == "xé\n");
  CHECK(value->find("o")->as_object()->empty());
  CHECK(value->find("missing") == nullptr);
  CHECK(a[0].find("x") == nullptr);
}

TEST_CASE("json: a document may be a scalar, and a byte order mark is passed over") {
  CHECK(*json::parse("\"x\"")->as_string() == "x");
  CHECK(*json::parse(" 7 ")->as_integer() == 7);
  CHECK(json::parse("\xEF\xBB\xBF{}")->as_object() != nullptr);
}

TEST_CASE("json: what is not one well-formed document is refused") {
  for (const char* bad : {"",        " ",          "{",           "[1,2",
                          "[1,]",    "{\"a\":1,}", "{\"a\" 1}",   "{\"a\":1 \"b\":2}",
                          "{a:1}",   "{} {}",      "1 2",         "nul",
                          "nullx",   "truex",      "01",          "+1",
                          ".5",      "1.",         "NaN",         "'x'",
                          "\"\\x\"", "\"a\nb\"",   "\"\\ud800\"", "\"open",
                          "[1}",     "// x\n1",    "\"\xFF\"",    "\"\xED\xA0\x80\"",
                          "1e999"}) {
    CAPTURE(bad);
    message_for(bad);
  }
}

TEST_CASE("json: an error says on which line and column the text goes wrong") {
  CHECK(message_for("{\n  \"a\": tru\n}").find("line 2, column 8") != std::string::npos);
  CHECK(message_for("{\"a\": 1,\n \"b\" 2}").find("line 2") != std::string::npos);
  CHECK(message_for("{\"a\": \"\\x\"}").find("line 1") != std::string::npos);
}

TEST_CASE("json: a name twice in one object is refused with its place, in two objects it is not") {
  const std::string message = message_for(R"({"list":[{"a":1,"b":2,"\u0061":3}]})");
  CHECK(message.find("\"a\" stands twice") != std::string::npos);
  CHECK(message.find("/list/0") != std::string::npos);
  CHECK(json::parse(R"({"a":{"a":1}})").has_value());
}

TEST_CASE("json: integers outside 64 bits are refused rather than rounded") {
  message_for("[9223372036854775808]");
  message_for("[18446744073709551616]");
  message_for("[-9223372036854775809]");
  CHECK(*json::parse("-9223372036854775808")->as_integer() ==
        std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("json: 64 levels are read and 65 are not") {
  CHECK(json::parse(nested(64)).has_value());
  CHECK(message_for(nested(65)).find("64 levels") != std::string::npos);
  message_for(std::string(200000, '['));
}

TEST_CASE("json: text over the limit is not even looked at") {
  CHECK(json::parse("[1,2]", 5).has_value());
  const auto refused = json::parse("[1,2]", 4);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("limit of 4") != std::string::npos);
}

TEST_CASE("json: writing keeps UTF-8 and escapes what has to be") {
  CHECK(json::write("żółw 🐢/") == "\"żółw 🐢/\"");
  CHECK(json::write("\"\\\n\r\t\x01\x7F") == R"("\"\\\n\r\t\u0001\u007f")");
  CHECK(json::write(std::string("\0", 1)) == R"("\u0000")");
  CHECK(json::write("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
}

TEST_CASE("json: writing numbers gives what reads as the same kind") {
  CHECK(json::write(1.0) == "1.0");
  CHECK(json::write(0.1) == "0.1");
  CHECK(json::write(std::numeric_limits<double>::infinity()) == "null");
  CHECK(json::write(-5) == "-5");
  CHECK(*json::parse(json::write(1e300))->as_double() == 1e300);
}

TEST_CASE("json: writing with an indent breaks lines and ends with one") {
  json::Value value;
  value.set("a", json::Array{1, json::Array{}, json::Object{}});
  value.set("b", json::Object{{"c", nullptr}});
  CHECK(json::write(value) == R"({"a":[1,[],{}],"b":{"c":null}})");
  CHECK(json::write(value, 2) ==
        "{\n  \"a\": [\n    1,\n    [],\n    {}\n  ],\n  \"b\": {\n    \"c\": null\n  }\n}\n");
}

TEST_CASE("json: what was written reads back equal") {
  json::Value value;
  value.set("text", "a\"b\\c\x02é");
  value.set("numbers", json::Array{0, -1, 2.5, std::int64_t{1} << 62});
  value.set("flags", json::Array{true, false, nullptr});
  CHECK(json::parse(json::write(value)).value() == value);
  CHECK(json::parse(json::write(value, 3)).value() == value);
}

TEST_CASE("json: setting replaces a member in its place") {
  json::Value value;
  value.set("a", 1);
  value.set("b", 2);
  value.set("a", 3);
  CHECK(json::write(value) == R"({"a":3,"b":2})");
}

TEST_CASE("json answers: a string or number is found by its pointer") {
  const std::string answer =
      R"({"id":12345678901234567890,"deep":{"list":[{"name":"zoë"},{"name":"b\u0062"}]},"a/b":{"m~n":"x"},"f":1.50,"t":true})";
  CHECK(json::find_string(answer, "/deep/list/1/name") == "bb");
  CHECK(json::find_string(answer, "/deep/list/0/name") == "zoë");
  CHECK(json::find_string(answer, "/id") == "12345678901234567890");
  CHECK(json::find_string(answer, "/f") == "1.50");
  CHECK(json::find_string(answer, "/a~1b/m~0n") == "x");
}

TEST_CASE("json answers: what is absent, of another kind or no JSON is none") {
  const std::string answer = R"({"t":true,"o":{},"n":null,"l":[1]})";
  for (const char* pointer :
       {"/t", "/o", "/n", "/x", "/l/1", "/l/-", "/l/00", "/l/*", "t", "/~2", "", "/t/x"}) {
    CAPTURE(pointer);
    CHECK_FALSE(json::find_string(answer, pointer).has_value());
  }
  for (const char* text : {"", "<html>", "{\"a\":\"x\"", "{\"a\":\"x", "{\"a\" \"x\"}", "\"a\""}) {
    CAPTURE(text);
    CHECK_FALSE(json::find_string(text, "/a").has_value());
  }
}

TEST_CASE("json answers: an empty pointer means a document that is itself a string or number") {
  CHECK(json::find_string("\"zoë\"", "") == "zoë");
  CHECK(json::find_string(" 42\n", "") == "42");
  CHECK_FALSE(json::find_string("null", "").has_value());
  CHECK_FALSE(json::find_string("\"a\" \"b\"", "").has_value());
}

TEST_CASE("json answers: a star collects from every element or member, up to a limit") {
  const std::string answer =
      R"({"errorMessages":["one","two"],"errors":{"summary":"is needed","x":{"y":1}},"list":[{"m":"a"},{"n":"b"},{"m":"c"}]})";
  using Strings = std::vector<std::string>;
  CHECK(json::find_strings(answer, "/errorMessages/*") == Strings{"one", "two"});
  CHECK(json::find_strings(answer, "/errorMessages/*", 1) == Strings{"one"});
  CHECK(json::find_strings(answer, "/errors/*") == Strings{"is needed"});
  CHECK(json::find_strings(answer, "/list/*/m") == Strings{"a", "c"});
  CHECK(json::find_strings(answer, "/list/*").empty());
  CHECK(json::find_strings(answer, "/errorMessages/*", 0).empty());
  CHECK(json::find_strings(R"({"errorMessages":["one","two"],"cut":[1,)", "/errorMessages/*") ==
        Strings{"one", "two"});
}

TEST_CASE("json answers: deep nesting beside the way does no harm") {
  const std::string answer = "{\"deep\":" + nested(900) + ",\"a\":\"x\"}";
  CHECK(json::find_string(answer, "/a") == "x");
  const std::string deeper = "{\"deep\":" + nested(100000) + ",\"a\":\"x\"}";
  CHECK(json::find_string(deeper, "/a") == "x");
}

TEST_SUITE_END();
