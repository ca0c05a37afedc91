// SPDX-License-Identifier: Apache-2.0
#include "core/http/link_header.h"

#include <doctest/doctest.h>

#include <string>

using namespace atlink;

namespace {

std::string next_of(const Headers& headers) {
  return http::link_target(headers, "next").value_or("(none)");
}

std::string next_of(const std::string& value) {
  return next_of(Headers{{"Link", value}});
}

}  // namespace

TEST_SUITE_BEGIN("core/http");

TEST_CASE("link header: the target of a relation is found among others") {
  CHECK(next_of("<https://a.example/x?p=2>; rel=\"next\"") == "https://a.example/x?p=2");
  CHECK(next_of("</x?p=1>; rel=prev, </x?p=3>; rel=next") == "/x?p=3");
  CHECK(next_of("</x>;rel=\"last Next\"") == "/x");
  CHECK(next_of(" , </a,b;c>  ;  title=\"x, \\\"y\\\"; rel=next\" ; REL = \"next\" ,") == "/a,b;c");
  CHECK(next_of(Headers{{"Link", "<a>; rel=up"}, {"X", "y"}, {"link", "<>; rel=next"}}) == "");
}

TEST_CASE("link header: what is about something else, or malformed, does not count") {
  CHECK(next_of(Headers{}) == "(none)");
  CHECK(next_of("</x>; rel=prev; rel=next") == "(none)");
  CHECK(next_of("</x>; rel=next; anchor=\"#foo\"") == "(none)");
  CHECK(next_of("</x>; rel=nextpage") == "(none)");
  for (const char* bad : {"/x; rel=next",
                          "</x; rel=next",
                          "</x> rel=next",
                          "</x>; rel=\"next",
                          "</x>; title=\"a\\",
                          "</x>",
                          "",
                          "<",
                          ";",
                          "</y>; rel=up </x>; rel=next"}) {
    CAPTURE(bad);
    CHECK(next_of(bad) == "(none)");
  }
}

TEST_SUITE_END();
