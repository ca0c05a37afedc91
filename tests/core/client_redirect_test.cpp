// SPDX-License-Identifier: Apache-2.0
// Where a request goes when a server sends it elsewhere, and what goes along.
#include "atlink/client.h"
#include "tests/support/acme.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;
using tests::acme_connection;
using tests::acme_token;
using tests::is_signed;

namespace {

const char* const there = "https://site.example/acme/x";

struct Site {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Client client{world.platform(), acme_connection(), acme_token()};
  ApiRequest request;

  explicit Site(std::string method = "GET") {
    request.method = std::move(method);
    request.path = "/x";
  }

  Result<Classified> send() { return client.send(request, keeper); }

  /// The code that sending fails with.
  std::string failure() {
    const auto answer = send();
    REQUIRE_FALSE(answer.has_value());
    return std::string(name_of(answer.error().code));
  }

  Site& redirect(std::string from, int status, std::string to, std::string method = {}) {
    world.transport.expect(method.empty() ? request.method : std::move(method), std::move(from))
        .answers(status, {{"Location", std::move(to)}}, "moved");
    return *this;
  }

  tests::PlannedExchange& expect(std::string method, std::string url) {
    return world.transport.expect(std::move(method), std::move(url));
  }

  const tests::SentRequest& sent(std::size_t i) { return world.transport.sent.at(i); }
};

}  // namespace

TEST_CASE("redirects: on the same origin the request is signed again for where it leads") {
  Site site;
  site.redirect(there, 302, "/acme/y?z=1");
  site.expect("GET", "https://site.example/acme/y?z=1").answers(200, {}, "ok");
  REQUIRE(site.send().has_value());
  CHECK(site.keeper.body == "ok");
  CHECK(site.keeper.heads == 1);
  CHECK(is_signed(site.sent(1)));
  CHECK(site.sent(0).oauth("oauth_nonce") != site.sent(1).oauth("oauth_nonce"));
}

TEST_CASE("redirects: another origin gets no credential and no header that could carry one") {
  Site site;
  site.request.headers = {{"Cookie", "c"}, {"X-Api-Key", "k"}, {"Range", "bytes=0-9"}};
  site.redirect(there, 302, "https://files.example/f?sig=1");
  site.expect("GET", "https://files.example/f?sig=1").answers(206, {}, "data");
  REQUIRE(site.send().has_value());
  CHECK(site.sent(0).header("Cookie") == "c");
  const Headers& headers = site.sent(1).headers;
  CHECK_FALSE(headers.find("Authorization").has_value());
  CHECK_FALSE(headers.find("Cookie").has_value());
  CHECK_FALSE(headers.find("X-Api-Key").has_value());
  CHECK(headers.find("Range").value() == "bytes=0-9");
  CHECK(site.keeper.body == "data");
}

TEST_CASE("redirects: another port or a name that only looks alike is another origin") {
  for (const char* other : {"https://site.example:8443/acme/x", "https://site.example.evil/x"}) {
    Site site;
    site.redirect(there, 302, other);
    site.expect("GET", other).answers(200);
    REQUIRE(site.send().has_value());
    CHECK(site.sent(1).header("Authorization").empty());
  }
}

TEST_CASE("redirects: a stranger that leads back does not get a signature made") {
  Site site;
  site.redirect(there, 302, "https://evil.example/");
  site.redirect("https://evil.example/", 302, "https://site.example/acme/admin?grant=evil");
  site.expect("GET", "https://site.example/acme/admin?grant=evil").answers(401);
  REQUIRE(site.send().has_value());
  CHECK(site.sent(2).header("Authorization").empty());
}

TEST_CASE("redirects: a POST becomes a GET without a body after 302") {
  Site site("POST");
  site.request.form = FormFields{{"a", "b"}};
  site.redirect(there, 302, "/acme/done");
  site.expect("GET", "https://site.example/acme/done").answers(200);
  REQUIRE(site.send().has_value());
  CHECK_FALSE(site.sent(1).body.has_value());
  CHECK(site.sent(1).header("Content-Type").empty());
  CHECK(is_signed(site.sent(1)));
}

TEST_CASE("redirects: 307 sends the same body again, signed for its new place") {
  Site site("POST");
  site.request.form = FormFields{{"a", "b"}};
  site.redirect(there, 307, "/acme/y");
  site.expect("POST", "https://site.example/acme/y").answers(200);
  REQUIRE(site.send().has_value());
  CHECK(site.sent(1).body == "a=b");
  CHECK(is_signed(site.sent(1)));
}

TEST_CASE("redirects: a streamed body is rewound for 308") {
  Site site("PUT");
  const auto body = body_from_string("{}");
  site.request.body = body.get();
  site.redirect(there, 308, "/acme/y");
  site.expect("PUT", "https://site.example/acme/y").answers(200);
  REQUIRE(site.send().has_value());
  CHECK(site.sent(1).body == "{}");
}

TEST_CASE("redirects: a body that cannot be read twice is not followed, and the error says why") {
  Site site("PUT");
  tests::OneWay body("{}");
  site.request.body = &body;
  site.redirect(there, 307, "/acme/y");
  const auto answer = site.send();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::answer_redirect);
  CHECK(answer.error().message.find("second time") != std::string::npos);

  Site to_get("POST");
  tests::OneWay other("{}");
  to_get.request.body = &other;
  to_get.redirect(there, 303, "/acme/y");
  to_get.expect("GET", "https://site.example/acme/y").answers(200);
  CHECK(to_get.send().has_value());
}

TEST_CASE("redirects: what is sent goes to no other origin") {
  Site post("POST");
  post.redirect(there, 307, "https://other.example/y");
  CHECK(post.failure() == "answer.redirect");
  Site remove("DELETE");
  remove.redirect(there, 302, "https://other.example/y");
  CHECK(remove.failure() == "answer.redirect");
  CHECK(remove.keeper.heads == 0);
}

TEST_CASE("redirects: never from https to http") {
  Site site;
  site.redirect(there, 302, "http://site.example/acme/x");
  CHECK(site.failure() == "answer.redirect");
}

TEST_CASE("redirects: from http to https on the same host, the profile's URL should be mended") {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Client client(world.platform(), acme_connection("http://site.example"), acme_token());
  world.transport.expect("GET", "http://site.example/acme/x")
      .answers(301, {{"Location", "https://site.example/acme/x"}});
  ApiRequest request;
  request.method = "GET";
  request.path = "/x";
  const auto answer = client.send(request, keeper);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::answer_redirect);
  CHECK(answer.error().next.find("https://site.example") != std::string::npos);
}

TEST_CASE("redirects: circles are named") {
  Site site;
  site.redirect(there, 302, "/acme/y");
  site.redirect("https://site.example/acme/y", 302, "/acme/x");
  const auto answer = site.send();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().message.find("circle") != std::string::npos);
  CHECK(answer.error().message.find(there) != std::string::npos);
}

TEST_CASE("redirects: there is a limit to their number") {
  Site site;
  site.client.limits.redirects = 2;
  site.redirect(there, 302, "/acme/1");
  site.redirect("https://site.example/acme/1", 302, "/acme/2");
  site.redirect("https://site.example/acme/2", 302, "/acme/3");
  const auto answer = site.send();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().message.find("more than 2 redirects") != std::string::npos);
}

TEST_CASE("redirects: ten are followed by default and an eleventh is not") {
  for (const int count : {10, 11}) {
    Site site;
    std::string from = there;
    for (int i = 1; i <= count; ++i) {
      site.redirect(from, 302, "/acme/" + std::to_string(i));
      from = "https://site.example/acme/" + std::to_string(i);
    }
    if (count == 10) {
      site.expect("GET", from).answers(200);
      CHECK(site.send().has_value());
    } else {
      CHECK(site.failure() == "answer.redirect");
    }
  }
}

TEST_CASE("redirects: one that cannot be followed is an error, unless nobody wanted to follow") {
  Site lost;
  lost.expect("GET", there).answers(302);
  CHECK(lost.failure() == "answer.redirect");

  Site asked;
  asked.request.follow_redirects = false;
  asked.redirect(there, 302, "/acme/y");
  const auto answer = asked.send();
  REQUIRE(answer.has_value());
  CHECK_FALSE(answer->error.has_value());
  CHECK(asked.keeper.status == 302);
  CHECK(asked.keeper.headers.find("Location").value() == "/acme/y");
  CHECK(asked.keeper.body == "moved");
}

TEST_CASE("redirects: one to the product's login page says so") {
  Site site;
  site.redirect(there, 302, "https://site.example/acme/login?back=x");
  const auto answer = site.send();
  REQUIRE(answer.has_value());
  CHECK(answer->error->code == ErrorCode::answer_login_page);
}

TEST_CASE("redirects: a redirect that says anonymous is followed to what it leads to") {
  Site site;
  site.expect("GET", there).answers(302, {{"Location", "/acme/y"}, {"X-Acme-User", "anonymous"}});
  site.expect("GET", "https://site.example/acme/y").answers(200, {{"X-Acme-User", "me"}});
  CHECK_FALSE(site.send()->error.has_value());
}

TEST_CASE("redirects: OAuth parameters in the query do not pile up") {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Connection connection = acme_connection();
  connection.transmission = oauth1::Transmission::query;
  Client client(world.platform(), std::move(connection), acme_token());
  world.transport.expect_prefix("GET", "https://site.example/acme/x?oauth_")
      .answers(302, {{"Location", "/acme/y?oauth_token=old&oauth_signature=old&a=b"}});
  world.transport.expect_prefix("GET", "https://site.example/acme/y?a=b&oauth_").answers(200);
  ApiRequest request;
  request.method = "GET";
  request.path = "/x";
  REQUIRE(client.send(request, keeper).has_value());
  CHECK(is_signed(world.transport.sent[1]));
  CHECK(world.transport.sent[1].url.find("old") == std::string::npos);
}

TEST_CASE("redirects: a secret in a Location is not told in the error") {
  Site site("POST");
  site.redirect(there, 307, "https://other.example/?access_token=hunter2");
  const auto answer = site.send();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().message.find("hunter2") == std::string::npos);
  CHECK(answer.error().message.find("other.example") != std::string::npos);
}

TEST_SUITE_END();
