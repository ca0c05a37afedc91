// SPDX-License-Identifier: Apache-2.0
#include "atlink/paging.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace atlink;
using Style = Pager::Style;

namespace {

BaseUrl base() {
  return BaseUrl::make(Url::parse("https://site.example").value(), "/acme").value();
}

Pager pager(Style style) {
  Pager made;
  made.style = style;
  made.items = {"/values"};
  if (style != Style::link) {
    made.position = "start";
  }
  made.size = "limit";
  made.largest_size = 3;
  if (style == Style::token || style == Style::link) {
    made.next = "/next";
  }
  return made;
}

PageWalk walk_of(const Pager& rules, PageRequest list = {"/rest/things", {}}, int size = 0) {
  auto walk = PageWalk::begin(rules, base(), std::move(list), size);
  REQUIRE(walk.has_value());
  return *std::move(walk);
}

/// The request as one text: path, and query as it will be encoded.
std::string asked(const PageWalk& walk) {
  const std::string query = to_form(walk.request().query);
  return walk.request().path + (query.empty() ? "" : "?") + query;
}

/// Takes a page; gives what is asked for next, "done", or the name of the error.
std::string after(PageWalk& walk, std::string_view body, const Headers& headers = {}) {
  const auto page = walk.take(body, headers);
  if (!page) {
    CHECK_FALSE(page.error().message.empty());
    CHECK_FALSE(page.error().next.empty());
    return std::string(name_of(page.error().code));
  }
  return walk.done() ? "done" : asked(walk);
}

/// A page with that many items, numbered from `from`, and more members.
std::string page(int from, int count, std::string_view more = "") {
  std::string items;
  for (int i = 0; i < count; ++i) {
    items += fmt::format("{}{{\"id\":{}}}", i == 0 ? "" : ",", from + i);
  }
  return fmt::format("{{\"values\":[{}]{}{}}}", items, more.empty() ? "" : ",", more);
}

}  // namespace

TEST_SUITE_BEGIN("core/http");

TEST_CASE("paging: by offsets, until a page is shorter than asked for") {
  PageWalk walk = walk_of(pager(Style::offset), {"rest/things", {{"q", "a b"}}});
  CHECK(asked(walk) == "rest/things?q=a%20b&limit=3");
  CHECK(after(walk, page(0, 3)) == "rest/things?q=a%20b&limit=3&start=3");
  CHECK(after(walk, page(3, 3)) == "rest/things?q=a%20b&limit=3&start=6");
  CHECK(after(walk, page(6, 2)) == "done");
}

TEST_CASE("paging: items come as they are") {
  PageWalk walk = walk_of(pager(Style::offset));
  const std::string body =
      "{ \"values\" : [ {\"z\": 1.10,\"a\":\"\\u00e9\"} , 12345678901234567890 ] }";
  const auto taken = walk.take(body, {});
  REQUIRE(taken.has_value());
  REQUIRE(taken->items.size() == 2);
  CHECK(taken->items[0] == "{\"z\": 1.10,\"a\":\"\\u00e9\"}");
  CHECK(taken->items[1] == "12345678901234567890");
  CHECK(taken->items[0].data() == body.data() + body.find("{\"z\""));
}

TEST_CASE("paging: the end of a list by what it tells") {
  Pager rules = pager(Style::offset);
  rules.last = "/isLast";
  rules.total = "/total";
  {
    PageWalk walk = walk_of(rules);
    CHECK(after(walk, page(0, 3, "\"isLast\":true")) == "done");
  }
  {
    PageWalk walk = walk_of(rules);
    CHECK(after(walk, page(0, 3, "\"total\":\"5\"")) == "/rest/things?limit=3&start=3");
    CHECK(after(walk, page(3, 2, "\"total\":5")) == "done");
  }
  {
    // A short page that says that there is more is not the last.
    PageWalk walk = walk_of(rules);
    CHECK(after(walk, page(0, 2, "\"total\":5")) == "/rest/things?limit=3&start=2");
    CHECK(after(walk, page(2, 1, "\"isLast\":\"false\"")) == "/rest/things?limit=3&start=3");
    CHECK(after(walk, page(3, 0, "\"isLast\":false,\"total\":5")) == "done");
  }
  {
    // Totals that are none are as if they were not there.
    for (const char* odd : {"-1", "null", "1e3", "[]", "99999999999999999999999", "\"many\""}) {
      CAPTURE(odd);
      PageWalk walk = walk_of(rules);
      CHECK(after(walk, page(0, 3, fmt::format("\"total\":{}", odd))) ==
            "/rest/things?limit=3&start=3");
      CHECK(after(walk, page(3, 1, fmt::format("\"total\":{}", odd))) == "done");
    }
  }
}

TEST_CASE("paging: an empty page ends, and so does a short one unless pages may be short") {
  Pager rules = pager(Style::offset);
  rules.short_pages = true;
  PageWalk walk = walk_of(rules);
  CHECK(after(walk, page(0, 2)) == "/rest/things?limit=3&start=2");
  CHECK(after(walk, page(2, 1)) == "/rest/things?limit=3&start=3");
  CHECK(after(walk, page(3, 0)) == "done");
  rules.size.clear();
  rules.short_pages = false;
  PageWalk unsized = walk_of(rules);
  CHECK(asked(unsized) == "/rest/things");
  CHECK(after(unsized, page(0, 1)) == "/rest/things?start=1");
  CHECK(after(unsized, page(1, 0)) == "done");
}

TEST_CASE("paging: a server that lowers the size is believed") {
  Pager rules = pager(Style::offset);
  rules.largest_size = 1000;
  rules.size_told = "/limit";
  rules.position_told = "/start";
  PageWalk walk = walk_of(rules);
  CHECK(asked(walk) == "/rest/things?limit=1000");
  CHECK(after(walk, page(0, 2, "\"limit\":2,\"start\":0")) == "/rest/things?limit=1000&start=2");
  CHECK(after(walk, page(2, 2, "\"limit\":\"2\",\"start\":2")) ==
        "/rest/things?limit=1000&start=4");
  CHECK(after(walk, page(4, 1, "\"limit\":2,\"start\":4")) == "done");
}

TEST_CASE("paging: where the page really began counts") {
  Pager rules = pager(Style::offset);
  rules.position_told = "/start";
  PageWalk walk = walk_of(rules);
  CHECK(after(walk, page(0, 3, "\"start\":\"0\"")) == "/rest/things?limit=3&start=3");
  CHECK(after(walk, page(5, 3, "\"start\":5")) == "/rest/things?limit=3&start=8");
  CHECK(after(walk, page(0, 3, "\"start\":0")) == "answer.pages_repeat");
}

TEST_CASE("paging: by page numbers, from the first one that there is") {
  Pager rules = pager(Style::page);
  rules.first = 1;
  rules.total = "/count";
  PageWalk walk = walk_of(rules);
  CHECK(after(walk, page(0, 3, "\"count\":6")) == "/rest/things?limit=3&start=2");
  CHECK(after(walk, page(3, 3, "\"count\":6")) == "done");
  PageWalk later = walk_of(rules, {"/rest/things", {{"start", "2"}}});
  CHECK(asked(later) == "/rest/things?limit=3&start=2");
  CHECK(after(later, page(3, 3, "\"count\":7")) == "/rest/things?limit=3&start=3");
  CHECK(after(later, page(6, 3, "\"count\":9")) == "done");
}

TEST_CASE("paging: a page that says that it is an earlier one is an error") {
  Pager rules = pager(Style::page);
  rules.position_told = "/at";
  PageWalk walk = walk_of(rules);
  CHECK(after(walk, page(0, 3, "\"at\":0")) == "/rest/things?limit=3&start=1");
  CHECK(after(walk, page(3, 3, "\"at\":1")) == "/rest/things?limit=3&start=2");
  CHECK(after(walk, page(6, 3, "\"at\":0")) == "answer.pages_repeat");
}

TEST_CASE("paging: a next position that is named counts more than a sum") {
  Pager rules = pager(Style::offset);
  rules.next = "/nextStart";
  rules.total = "/total";
  PageWalk walk = walk_of(rules);
  CHECK(after(walk, page(0, 2, "\"nextStart\":7,\"total\":2")) == "/rest/things?limit=3&start=7");
  CHECK(after(walk, page(7, 1, "\"nextStart\":\"9\"")) == "/rest/things?limit=3&start=9");
  CHECK(after(walk, page(9, 3, "\"nextStart\":null")) == "done");
  for (const char* back : {"0", "9", "8"}) {
    PageWalk again = walk_of(rules, {"/rest/things", {{"start", "9"}}});
    CHECK(after(again, page(9, 3, fmt::format("\"nextStart\":{}", back))) == "answer.pages_repeat");
  }
  for (const char* odd : {"\"x\"", "-5", "1.5", "99999999999999999999", "true"}) {
    CAPTURE(odd);
    PageWalk again = walk_of(rules);
    CHECK(after(again, page(0, 3, fmt::format("\"nextStart\":{}", odd))) ==
          "answer.not_understood");
  }
}

TEST_CASE("paging: by tokens, which are sent as they came") {
  PageWalk walk = walk_of(pager(Style::token));
  CHECK(asked(walk) == "/rest/things?limit=3");
  CHECK(after(walk, page(0, 1, "\"next\":\"a/b=+\\u00e9\"")) ==
        "/rest/things?limit=3&start=a%2Fb%3D%2B%C3%A9");
  CHECK(after(walk, page(1, 3, "\"next\":12345678901234567890")) ==
        "/rest/things?limit=3&start=12345678901234567890");
  CHECK(after(walk, page(4, 3, "\"next\":\"a/b=+é\"")) == "answer.pages_repeat");
  for (const char* none : {"\"x\":1",
                           "\"next\":null",
                           "\"next\":\"\"",
                           "\"next\":false",
                           "\"next\":{}",
                           "\"next\":[\"a\"]"}) {
    CAPTURE(none);
    PageWalk end = walk_of(pager(Style::token));
    CHECK(after(end, page(0, 3, none)) == "done");
  }
}

TEST_CASE("paging: an empty page with a token ends, unless pages may be short; never for ever") {
  Pager rules = pager(Style::token);
  PageWalk strict = walk_of(rules);
  CHECK(after(strict, page(0, 0, "\"next\":\"a\"")) == "done");
  rules.short_pages = true;
  PageWalk walk = walk_of(rules);
  CHECK(after(walk, page(0, 0, "\"next\":\"a\"")) == "/rest/things?limit=3&start=a");
  CHECK(after(walk, page(0, 1, "\"next\":\"b\"")) == "/rest/things?limit=3&start=b");
  for (int i = 0; i < 99; ++i) {
    REQUIRE(after(walk, page(0, 0, fmt::format("\"next\":{}", i))) ==
            fmt::format("/rest/things?limit=3&start={}", i));
  }
  CHECK(after(walk, page(0, 0, "\"next\":\"c\"")) == "answer.pages_repeat");
}

TEST_CASE("paging: by links, whole or in parts") {
  const auto next_of = [](std::string_view link, std::string_view link_base = "") {
    Pager rules = pager(Style::link);
    rules.link_base = "/base";
    PageWalk walk = walk_of(rules, {"/rest/things/list?a=1", {{"b", "2"}}});
    CHECK(asked(walk) == "/rest/things/list?a=1?b=2&limit=3");
    const std::string told = link_base.empty() ? "" : fmt::format(",\"base\":\"{}\"", link_base);
    return after(walk, page(0, 3, fmt::format("\"next\":\"{}\"{}", link, told)));
  };
  const std::string wanted = "https://site.example/acme/rest/things/list?page=2&x=%20";
  CHECK(next_of("https://site.example/acme/rest/things/list?page=2&x=%20") == wanted);
  CHECK(next_of("https://SITE.example:443/acme/rest/things/list?page=2&x=%20#more") == wanted);
  CHECK(next_of("/rest/things/list?page=2&x=%20") == wanted);
  CHECK(next_of("/acme/rest/things/list?page=2&x=%20") == wanted);
  CHECK(next_of("?page=2&x=%20") == wanted);
  CHECK(next_of("list?page=2&x=%20") == wanted);
  CHECK(next_of("/rest/things/list?page=2&x=%20", "https://site.example/acme") == wanted);
  CHECK(next_of("/things/list?page=2&x=%20", "https://site.example/acme/rest/") == wanted);
  // What the server copied of our signature is not sent again.
  CHECK(next_of("/rest/things/list?page=2&oauth_nonce=n&x=%20") == wanted);
}

TEST_CASE("paging: behind a gateway, links to it and to the site mean the same") {
  const BaseUrl gateway = BaseUrl::parse("https://gateway.example/ex/seven").value();
  const auto next_of = [&](std::string_view link, std::string_view link_base = "") {
    Pager rules = pager(Style::link);
    rules.link_base = "/base";
    PageWalk walk = PageWalk::begin(rules, base(), {"/rest/things", {}}, 0, gateway).value();
    const std::string told = link_base.empty() ? "" : fmt::format(",\"base\":\"{}\"", link_base);
    return after(walk, page(0, 3, fmt::format("\"next\":\"{}\"{}", link, told)));
  };
  const std::string wanted = "https://site.example/acme/rest/things?p=2";
  CHECK(next_of("/rest/things?p=2") == wanted);
  CHECK(next_of("/rest/things?p=2", "https://site.example/acme") == wanted);
  CHECK(next_of("/rest/things?p=2", "https://gateway.example/ex/seven") == wanted);
  CHECK(next_of("https://gateway.example/ex/seven/rest/things?p=2") == wanted);
  CHECK(next_of("/ex/seven/rest/things?p=2") == wanted);
  CHECK(next_of("https://gateway.example/ex/seventy/rest/things?p=2") == "url.other_origin");
  CHECK(next_of("https://gateway.example/ex/other/rest/things?p=2") == "url.other_origin");
}

TEST_CASE("paging: a link that leads away is an error, and nothing is asked for") {
  const auto code_for = [](std::string_view link, std::string_view link_base = "") {
    Pager rules = pager(Style::link);
    rules.link_base = "/base";
    PageWalk walk = walk_of(rules);
    const std::string told = link_base.empty() ? "" : fmt::format(",\"base\":\"{}\"", link_base);
    return after(walk, page(0, 3, fmt::format("\"next\":\"{}\"{}", link, told)));
  };
  for (const char* away : {"https://evil.example/acme/rest",
                           "http://site.example/acme/rest",
                           "https://site.example:8443/acme/rest",
                           "//evil.example/acme/rest",
                           "https://site.example/other",
                           "https://site.example/acmex/rest",
                           "https://site.example/acme/../other"}) {
    CAPTURE(away);
    CHECK(code_for(away) == "url.other_origin");
  }
  CHECK(code_for("/rest/things?p=2", "https://evil.example/acme") == "url.other_origin");
  for (const char* bad : {"https://user@site.example/acme",
                          "https://",
                          "javascript:alert(1)",
                          "\\\\\\\\evil.example/x",
                          "https://site.example/acme/%2e%2e/x"}) {
    CAPTURE(bad);
    CHECK(code_for(bad) == "url.invalid");
  }
}

TEST_CASE("paging: a link that was followed before is an error") {
  PageWalk walk = walk_of(pager(Style::link));
  const std::string two = "https://site.example/acme/rest/things?p=2";
  CHECK(after(walk, page(0, 3, "\"next\":\"/rest/things?p=2\"")) == two);
  CHECK(after(walk, page(3, 3, "\"next\":\"/rest/things?p=3\"")) ==
        "https://site.example/acme/rest/things?p=3");
  CHECK(after(walk, page(6, 3, "\"next\":\"/rest/things?p=2\"")) == "answer.pages_repeat");
  PageWalk itself = walk_of(pager(Style::link));
  CHECK(after(itself, page(0, 3, "\"next\":\"/rest/things?limit=3\"")) == "answer.pages_repeat");
}

TEST_CASE("paging: links in a header, where the description says so") {
  const Headers headers{{"Link", "</acme/rest/things?c=x%2F>; rel=\"next\", <a>; rel=up"}};
  Pager rules = pager(Style::link);
  PageWalk without = walk_of(rules);
  CHECK(after(without, page(0, 3), headers) == "done");
  rules.link_header = true;
  rules.next.clear();
  rules.items = {""};
  PageWalk walk = walk_of(rules);
  CHECK(after(walk, "[{\"id\":1}]", headers) == "https://site.example/acme/rest/things?c=x%2F");
  CHECK(after(walk, "[{\"id\":2}]", headers) == "answer.pages_repeat");
  PageWalk end = walk_of(rules);
  CHECK(after(end, "[{\"id\":1}]", {{"Link", "</x>; rel=last"}}) == "done");
  PageWalk away = walk_of(rules);
  CHECK(after(away, "[{\"id\":1}]", {{"Link", "<https://evil.example/>; rel=next"}}) ==
        "url.other_origin");
}

TEST_CASE("paging: items below members of any name, and in places tried in order") {
  Pager rules = pager(Style::token);
  rules.items = {"/batch/*/values", "/values"};
  rules.next = "/batch/*/next";
  PageWalk walk = walk_of(rules);
  const std::string body =
      R"({"batch":{"x":{"values":[1,2],"next":"t"},"y":{"values":[3]},"z":{"values":null}}})";
  const auto taken = walk.take(body, {});
  REQUIRE(taken.has_value());
  CHECK(taken->items.size() == 3);
  CHECK(asked(walk) == "/rest/things?limit=3&start=t");
  rules.items = {"/issues", "/values"};
  PageWalk second = walk_of(rules);
  CHECK(second.take(R"({"values":[1],"issues":null})", {})->items.size() == 1);
}

TEST_CASE("paging: the wishes of the caller") {
  Pager rules = pager(Style::offset);
  rules.largest_size = 50;
  CHECK(asked(walk_of(rules, {"/t?limit=5&a=%7e&&start=7&b", {}})) ==
        "/t?a=%7e&&b?limit=5&start=7");
  CHECK(asked(walk_of(rules, {"/t?limit=5", {{"limit", "6"}}})) == "/t?limit=6");
  CHECK(asked(walk_of(rules, {"/t?limit=5", {}}, 8)) == "/t?limit=8");
  CHECK(asked(walk_of(rules, {"/t?limit=5000", {}})) == "/t?limit=50");
  rules.largest_size = 0;
  CHECK(asked(walk_of(rules, {"/t", {}})) == "/t");
  for (const char* bad : {"/t?limit=x", "/t?limit=0", "/t?start=-1", "/t?start="}) {
    CAPTURE(bad);
    const auto walk = PageWalk::begin(rules, base(), {bad, {}});
    REQUIRE_FALSE(walk.has_value());
    CHECK(walk.error().code == ErrorCode::usage);
  }
  const auto away = PageWalk::begin(rules, base(), {"https://evil.example/acme/t", {}});
  CHECK(away.error().code == ErrorCode::url_other_origin);
}

TEST_CASE("paging: a server that ignores the position is found out") {
  PageWalk walk = walk_of(pager(Style::offset));
  CHECK(after(walk, page(0, 3)) == "/rest/things?limit=3&start=3");
  CHECK(after(walk, page(0, 3)) == "answer.pages_repeat");
  // Lists of plain words may have equal pages.
  PageWalk words = walk_of(pager(Style::offset));
  CHECK(after(words, R"({"values":["a","a","a"]})") == "/rest/things?limit=3&start=3");
  CHECK(after(words, R"({"values":["a","a","a"]})") == "/rest/things?limit=3&start=6");
}

TEST_CASE("paging: what is no page is an error, not an empty list") {
  for (const char* bad : {"",
                          "<html>",
                          "{}",
                          "{\"values\":{}}",
                          "{\"values\":null}",
                          "{\"values\":\"x\"}",
                          "[1]",
                          "{\"values\":[{\"id\":1},{\"id\":2}",
                          "{\"values\":[1],}",
                          "{\"values\":[1]}{}",
                          "7"}) {
    CAPTURE(bad);
    PageWalk walk = walk_of(pager(Style::offset));
    CHECK(after(walk, bad) == "answer.not_understood");
    CHECK_FALSE(walk.done());
  }
}

TEST_CASE("paging: an error names the list and how far it came, without secrets") {
  PageWalk walk = walk_of(pager(Style::offset), {"/rest/things?token=hidden-word", {}});
  CHECK(after(walk, page(0, 3)) != "done");
  const auto wrong = walk.take("nothing", {});
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().fact("items") == "3");
  CHECK(wrong.error().message.find("https://site.example/acme/rest/things") == 0);
  CHECK(wrong.error().message.find("hidden-word") == std::string::npos);
}

TEST_SUITE_END();
