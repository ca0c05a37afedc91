// SPDX-License-Identifier: Apache-2.0
#include "core/link/link_calls.h"

#include <doctest/doctest.h>

#include <string>

using namespace atlink;
using Meaning = LinkRefusal::Meaning;
using Step = LinkRefusal::Step;

namespace {

LinkEntry entry() {
  return {"robot", "atlink (work)", "https://atlink.invalid/robot", "PEM", "BODY"};
}

BaseUrl base() {
  return BaseUrl::parse("https://acme.example/tools").value();
}

LinkCall call_at(std::string path) {
  LinkCall call;
  call.endpoint.path = std::move(path);
  return call;
}

HttpResponseHead head_of(int status) {
  HttpResponseHead head;
  head.status = status;
  return head;
}

}  // namespace

TEST_SUITE_BEGIN("core/link");

TEST_CASE("link calls: a text that is nothing but a name stands for its value") {
  LinkCall call;
  call.body = json::parse(R"({"key":"{consumer_key}","in":[{"pem":"{public_key}"},"{link_id}"],)"
                          R"("text":"x {consumer_key}","no":false})")
                  .value();
  CHECK(link::fill_body(call, entry()) ==
        R"({"key":"robot","in":[{"pem":"PEM"},"{link_id}"],"text":"x {consumer_key}","no":false})");
  CHECK(link::fill_body(LinkCall(), entry()).empty());
}

TEST_CASE("link calls: the id of a link cannot lead elsewhere") {
  const LinkCall call = call_at("/links/{link_id}/key");
  CHECK(link::url_of(call, base(), "a-1").value().str() ==
        "https://acme.example/tools/links/a-1/key");
  CHECK(link::url_of(call, base(), "../../x?y#z").value().str() ==
        "https://acme.example/tools/links/..%2F..%2Fx%3Fy%23z/key");
  for (const char* id : {"", ".", ".."}) {
    CHECK(link::url_of(call, base(), id).error().code == ErrorCode::link_missing);
  }
}

TEST_CASE("link calls: a listing is read where the description says") {
  LinkListing listing;
  listing.items = "/list";
  listing.id = "/app/id";
  listing.url = "/app/url";
  const auto links =
      link::read_listing(listing, R"({"list":[{"app":{"id":7,"url":"u","name":"n"}},{}]})").value();
  REQUIRE(links.size() == 2);
  CHECK(links[0].id == "7");
  CHECK(links[0].url == "u");
  CHECK(links[0].name.empty());
  CHECK(links[1].id.empty());
  for (const char* other : {"", "[]", "{}", R"({"list":{}})", "<html>"}) {
    CHECK(link::read_listing(listing, other).error().code == ErrorCode::answer_not_understood);
  }
}

TEST_CASE("link calls: a refusal means what the first that holds says, at its steps") {
  LinkRefusal again;
  again.meaning = Meaning::session;
  again.statuses = {401};
  again.body_contains = "Again";
  LinkRefusal key;
  key.meaning = Meaning::key;
  key.statuses = {400, 401};
  key.steps = {Step::consumer};
  const std::vector<LinkRefusal> all{again, key};
  CHECK(link::meaning_of(all, Step::consumer, head_of(401), "x Again y") == Meaning::session);
  CHECK(link::meaning_of(all, Step::consumer, head_of(401), "x") == Meaning::key);
  CHECK_FALSE(link::meaning_of(all, Step::create, head_of(401), "x").has_value());
  CHECK_FALSE(link::meaning_of(all, Step::consumer, head_of(403), "x Again y").has_value());
}

TEST_CASE("link calls: cookies go back as pairs, the later in place of the earlier") {
  link::Cookies cookies;
  CHECK(cookies.header().empty());
  cookies.take({{"Set-Cookie", "S=1; Path=/; HttpOnly"}, {"Set-Cookie", "t=x=y"}});
  cookies.take({{"Set-Cookie", "S=2"}, {"Set-Cookie", "bad name=1"}, {"Set-Cookie", "=v"}});
  cookies.take({{"Set-Cookie", "none"}, {"Set-Cookie", "u=" + std::string(5000, 'x')}});
  CHECK(cookies.header() == "S=2; t=x=y");
}

TEST_CASE("link calls: what the server said is fit for a terminal") {
  const Error error = link::refusal_error(Meaning::key, "bad \x1b[2J key", Product());
  CHECK(error.code == ErrorCode::link_key_refused);
  CHECK(error.message.find('\x1b') == std::string::npos);
  CHECK(error.message.find("key") != std::string::npos);
  CHECK_FALSE(error.next.empty());
}

TEST_SUITE_END();
