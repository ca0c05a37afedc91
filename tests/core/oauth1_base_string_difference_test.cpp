// SPDX-License-Identifier: Apache-2.0
#include "atlink/base_string.h"
#include "atlink/oauth1.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace atlink::oauth1;

namespace {

using Part = BaseStringDifference::Part;

std::string base(const char* method, const char* url, const FormFields& parameters) {
  return signature_base_string({method, url, parameters}).value();
}

std::string base(const char* url) {
  return base("POST", url, {{"oauth_nonce", "n"}, {"oauth_timestamp", "1"}});
}

BaseStringDifference difference(const std::string& ours, const std::string& theirs) {
  const auto found = first_difference(ours, theirs);
  REQUIRE(found.has_value());
  return *found;
}

void check_url(const char* theirs, Part part, const char* our_text, const char* their_text) {
  CAPTURE(std::string(theirs));
  const auto found = difference(base("https://h.example/a/x"), base(theirs));
  CHECK(to_string(found.part) == to_string(part));
  CHECK(found.ours == our_text);
  CHECK(found.theirs == their_text);
  CHECK(found.name.empty());
}

}  // namespace

TEST_CASE("base strings: the same is no difference") {
  CHECK_FALSE(first_difference(base("https://h/x"), base("https://h/x")).has_value());
}

TEST_CASE("base strings: every part of an address is told, the first that differs") {
  check_url("http://h.example/a/x", Part::scheme, "https", "http");
  check_url("https://inner.example/a/x", Part::host, "h.example", "inner.example");
  check_url("https://h.example:8443/a/x", Part::port, "", "8443");
  check_url("https://h.example/x", Part::path, "/a/x", "/x");
  check_url("http://inner:8080/x", Part::scheme, "https", "http");
  check_url("https://[::1]/a/x", Part::host, "h.example", "[::1]");
}

TEST_CASE("base strings: an IPv6 address keeps its colons apart from the port") {
  const auto found = difference(base("http://[::1]:81/x"), base("http://[::1]:82/x"));
  CHECK(found.part == Part::port);
  CHECK(found.ours == "81");
  CHECK(found.theirs == "82");
}

TEST_CASE("base strings: the method comes first") {
  const auto found = difference(base("GET", "https://h/x", {}), base("POST", "http://h/x", {}));
  CHECK(found.part == Part::method);
  CHECK(found.ours == "GET");
  CHECK(found.theirs == "POST");
}

TEST_CASE("base strings: a parameter that differs or that one side lacks is named") {
  const FormFields ours{{"a", "1"}, {"b", "x y"}};
  const auto changed = difference(base("GET", "https://h/x", ours),
                                  base("GET", "https://h/x", {{"a", "1"}, {"b", "z"}}));
  CHECK(changed.part == Part::parameter);
  CHECK(changed.name == "b");
  CHECK(changed.ours == "x y");
  CHECK(changed.theirs == "z");
  const auto lost =
      difference(base("GET", "https://h/x", ours), base("GET", "https://h/x", {{"b", "x y"}}));
  CHECK(lost.name == "a");
  CHECK(lost.ours == "1");
  CHECK_FALSE(lost.theirs.has_value());
  const auto added = difference(base("GET", "https://h/x", {{"b", "1"}}),
                                base("GET", "https://h/x", {{"a", "0"}, {"b", "1"}}));
  CHECK(added.name == "a");
  CHECK_FALSE(added.ours.has_value());
  CHECK(added.theirs == "0");
  const auto last =
      difference(base("GET", "https://h/x", ours), base("GET", "https://h/x", {{"a", "1"}}));
  CHECK(last.name == "b");
  CHECK_FALSE(last.theirs.has_value());
}

TEST_CASE("base strings: no token is shown, and nothing that a terminal would obey") {
  const auto token = difference(base("GET", "https://h/x", {{"oauth_token", "mine"}}),
                                base("GET", "https://h/x", {{"oauth_token", "yours"}}));
  CHECK(token.name == "oauth_token");
  CHECK(token.ours == "(hidden)");
  CHECK(token.theirs == "(hidden)");
  const auto wild = difference(base("GET", "https://h/x", {{"a", "1"}}),
                               base("GET", "https://h/x", {{"a", "\x1b[2J"}}));
  REQUIRE(wild.theirs.has_value());
  CHECK(wild.theirs->find('\x1b') == std::string::npos);
}

TEST_CASE(
    "base strings: what cannot be read, or is only written in another way, is so as a whole") {
  for (const char* text : {"", "&", "GET", "GET&x", "GET&nonsense&", "a&b&c"}) {
    CAPTURE(std::string(text));
    CHECK(difference(base("https://h/x"), text).part == Part::whole);
    CHECK(difference(text, base("https://h/x")).part == Part::whole);
  }
  CHECK(difference("GET&https%3A%2F%2Fh%2Fx&a%3D1", "GET&https%3a%2f%2fh%2fx&a%3D1").part ==
        Part::whole);
}

TEST_SUITE_END();
