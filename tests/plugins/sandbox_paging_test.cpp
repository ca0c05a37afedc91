// SPDX-License-Identifier: Apache-2.0
// Lists of the sandbox, read with the engine's own walker.
#include "atlink/json.h"
#include "atlink/paging.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_sandbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace atlink;
using namespace atlink::tests;
using Style = Pager::Style;

namespace {

constexpr std::string_view testdata = R"({
  "collections": [
    {"path": "/rest/things", "id_member": "key", "id_prefix": "T-", "fill": 23, "pager": "list",
     "initial": [{"key": "T-1", "owner": "{user}"}]}
  ],
  "lists": [
    {"path": "/rest/search", "of": "/rest/things", "pager": "list", "items": "/found"},
    {"path": "/rest/whole", "of": "/rest/things", "pager": "no such pager"}
  ]
})";

Pager pager(Style style) {
  Pager made;
  made.name = "list";
  made.style = style;
  made.items = {"/page/things"};
  made.position = style == Style::link ? "" : "after";
  made.size = "count";
  made.usual_size = 5;
  made.largest_size = 10;
  made.next = style == Style::token || style == Style::link ? "/page/next" : "";
  return made;
}

plugins::SandboxOptions options_with(const Pager& rules) {
  auto options = acme_options();
  options.product.pagers = {rules};
  return options;
}

/// What a walk over a list found.
struct Walked {
  std::vector<std::string> keys;
  std::vector<std::size_t> sizes;
  std::string error;
};

Walked walk_all(const RunningSandbox& sandbox,
                const SigningClient& client,
                const Pager& rules,
                const std::string& path = "/rest/things",
                int size = 0) {
  Walked walked;
  const auto base =
      BaseUrl::make(Url::parse("http://" + sandbox.authority()).value(), "/acme").value();
  auto walk = PageWalk::begin(rules, base, {path, {}}, size).value();
  while (!walk.done() && walked.sizes.size() < 50) {
    const Url url =
        base.request_url(walk.request().path)->with_query(to_form(walk.request().query)).value();
    const std::string answer = client.send("GET", url.target().substr(5));
    const std::string body = body_of(answer);
    Headers headers;
    if (const auto link = header_of(answer, "Link")) {
      headers.add("Link", *link);
    }
    const auto page = walk.take(body, headers);
    if (!page) {
      walked.error = name_of(page.error().code);
      break;
    }
    walked.sizes.push_back(page->items.size());
    for (const std::string_view item : page->items) {
      walked.keys.push_back(json::find_string(item, "/key").value_or("?"));
    }
  }
  return walked;
}

void check_whole(const Walked& walked) {
  CHECK(walked.error.empty());
  REQUIRE(walked.keys.size() == 23);
  for (int i = 0; i < 23; ++i) {
    CHECK(walked.keys[static_cast<std::size_t>(i)] == fmt::format("T-{}", i + 1));
  }
}

/// Every way of telling, for one style.
std::vector<Pager> variants(Style style) {
  std::vector<Pager> all{pager(style)};
  Pager telling = pager(style);
  telling.total = "/page/total";
  telling.last = "/last";
  telling.position_told = "/page/at";
  telling.size_told = "/page/size";
  all.push_back(telling);
  Pager shorter = pager(style);
  shorter.short_pages = true;
  shorter.last = "/last";
  all.push_back(shorter);
  Pager unsized = pager(style);
  unsized.size.clear();
  all.push_back(unsized);
  if (style == Style::offset || style == Style::page) {
    Pager naming = pager(style);
    naming.next = "/page/next";
    naming.first = 1;
    all.push_back(naming);
    Pager bare = pager(style);
    bare.items = {""};
    all.push_back(bare);
  }
  if (style == Style::link) {
    Pager based = pager(style);
    based.link_base = "/page/base";
    all.push_back(based);
    Pager header = pager(style);
    header.next.clear();
    header.link_header = true;
    header.items = {""};
    all.push_back(header);
  }
  return all;
}

}  // namespace

TEST_SUITE_BEGIN("plugins/sandbox");

TEST_CASE("sandbox lists: every style of pager can be walked to the end") {
  for (const Style style : {Style::offset, Style::page, Style::token, Style::link}) {
    for (const Pager& rules : variants(style)) {
      CAPTURE(static_cast<int>(style));
      CAPTURE(rules.items.front());
      RunningSandbox sandbox(options_with(rules), testdata);
      SigningClient client(sandbox);
      REQUIRE(client.sign_in());
      const Walked walked = walk_all(sandbox, client, rules);
      check_whole(walked);
      const std::size_t most = rules.size.empty() ? 5 : 10;
      CHECK(walked.sizes.front() == (rules.short_pages && style != Style::page ? most - 1 : most));
      check_whole(walk_all(sandbox, client, rules, "/rest/things?count=3"));
    }
  }
}

TEST_CASE("sandbox lists: a cap below what was asked for is told and believed") {
  Pager rules = pager(Style::offset);
  rules.size_told = "/page/size";
  RunningSandbox sandbox(options_with(rules), testdata);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  rules.largest_size = 0;  // The client does not know the cap.
  const Walked walked = walk_all(sandbox, client, rules, "/rest/things", 100);
  check_whole(walked);
  CHECK(walked.sizes == std::vector<std::size_t>{10, 10, 3});
}

TEST_CASE("sandbox lists: the same documents under other paths") {
  const Pager rules = pager(Style::offset);
  RunningSandbox sandbox(options_with(rules), testdata);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  Pager elsewhere = rules;
  elsewhere.items = {"/found"};
  check_whole(walk_all(sandbox, client, elsewhere, "/rest/search"));
  const std::string whole = body_of(client.send("GET", "/rest/whole"));
  CHECK(json::find_strings(whole, "/values/*/key", 100).size() == 23);
  CHECK(json::find_string(whole, "/values/22/owner") == "alice");
  CHECK(status_of(client.send_json("POST", "/rest/search", "{}")) == 405);
  CHECK(status_of(client.send_json("POST", "/rest/things", "{}")) == 201);
  CHECK(status_of(client.send("DELETE", "/rest/things/T-5")) == 204);
  const Walked walked = walk_all(sandbox, client, rules);
  CHECK(walked.keys.size() == 23);
  CHECK(walked.keys[4] == "T-6");
  CHECK(walked.keys[22] == "T-24");
}

TEST_CASE("sandbox lists: a page that there cannot be is refused") {
  const Pager rules = pager(Style::token);
  RunningSandbox sandbox(options_with(rules), testdata);
  SigningClient client(sandbox);
  REQUIRE(client.sign_in());
  for (const char* query : {"after=x",
                            "after=",
                            "after=%2B%2F%3D",
                            "count=-1",
                            "count=x",
                            "count=99999999999999999999",
                            "after=YWZ0ZXI6LTU%3D%2B%2F%3D"}) {
    CAPTURE(query);
    CHECK(status_of(client.send("GET", fmt::format("/rest/things?{}", query))) == 400);
  }
  const Pager numbers = pager(Style::page);
  RunningSandbox other(options_with(numbers), testdata);
  SigningClient second(other);
  REQUIRE(second.sign_in());
  CHECK(status_of(second.send("GET", "/rest/things?after=-1")) == 400);
  const std::string far = second.send("GET", "/rest/things?after=9000000000000000000");
  CHECK(status_of(far) == 200);
  CHECK(body_of(far) == R"({"page":{"things":[]}})");
}

TEST_CASE("sandbox lists: a repeated page is found out in every style") {
  for (const Style style : {Style::offset, Style::page, Style::token, Style::link}) {
    for (const Pager& rules : variants(style)) {
      CAPTURE(static_cast<int>(style));
      CAPTURE(rules.next);
      auto options = options_with(rules);
      options.faults = {"repeat-page"};
      RunningSandbox sandbox(options, testdata);
      SigningClient client(sandbox);
      REQUIRE(client.sign_in());
      CHECK(walk_all(sandbox, client, rules).error == "answer.pages_repeat");
    }
  }
}

TEST_SUITE_END();
