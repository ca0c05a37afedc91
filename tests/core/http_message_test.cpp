// SPDX-License-Identifier: Apache-2.0
#include "atlink/http_message.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

TEST_CASE("headers: names compare without case and repeat in order") {
  Headers headers{{"A", "1"}, {"b", "2"}, {"a", "3"}};
  CHECK(headers.find("a").value() == "1");
  CHECK(headers.all("A") == std::vector<std::string_view>{"1", "3"});
  CHECK_FALSE(headers.find("c").has_value());
  headers.set("A", "4");
  CHECK(headers.all("a") == std::vector<std::string_view>{"4"});
  CHECK(headers.size() == 2);
  headers.remove("B");
  CHECK_FALSE(headers.find("b").has_value());
  headers.remove("a");
  CHECK(headers.empty());
}

TEST_CASE("headers: a name must be a token, a value must be one line") {
  CHECK(check_header("X-Acme_1", "tab\there, caf\xC3\xA9").has_value());
  CHECK(check_header("x", "").has_value());
  for (const char* name : {"", "a b", "a:", "a\r\nb", "(a)", "\xC3\xA9"}) {
    CHECK(check_header(name, "x").error().code == ErrorCode::header_invalid);
  }
  for (const std::string& value : {std::string("a\r\nb"),
                                   std::string("a\nb"),
                                   std::string("a\0b", 3),
                                   std::string("\x7F"),
                                   std::string("\x1B")}) {
    CHECK(check_header("x", value).error().code == ErrorCode::header_invalid);
  }
}

TEST_CASE("headers: a refused value is not shown, since it may be a secret") {
  CHECK(check_header("X-Key", "hunter2\n").error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("methods: capital letters only") {
  CHECK(check_method("GET").has_value());
  CHECK(check_method("PROPFIND").has_value());
  CHECK(check_method(std::string(32, 'A')).has_value());
  for (const std::string& bad : {std::string(),
                                 std::string("get"),
                                 std::string("GET "),
                                 std::string("G\r\nX"),
                                 std::string(33, 'A')}) {
    CHECK(check_method(bad).error().code == ErrorCode::usage);
  }
}

TEST_CASE("bodies: a string is read in pieces and can be rewound") {
  const auto body = body_from_string("abcdefg");
  CHECK(body->length() == 7U);
  std::array<char, 4> buffer{};
  CHECK(body->read(buffer).value() == 4);
  CHECK(std::string(buffer.data(), 4) == "abcd");
  CHECK(body->read(buffer).value() == 3);
  CHECK(std::string(buffer.data(), 3) == "efg");
  CHECK(body->read(buffer).value() == 0);
  CHECK(body->rewind());
  CHECK(body->read(buffer).value() == 4);
}

TEST_CASE("string sink: takes up to its limit and no byte more") {
  StringSink sink(5);
  CHECK(sink.write("abc").has_value());
  CHECK(sink.write("de").has_value());
  const auto refused = sink.write("f");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::answer_too_large);
  CHECK(sink.text() == "abcde");
}

TEST_SUITE_END();
