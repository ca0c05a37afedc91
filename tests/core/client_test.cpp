// SPDX-License-Identifier: Apache-2.0
#include "atlink/client.h"

#include "atlink/proxy.h"
#include "tests/support/acme.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;
using tests::acme_connection;
using tests::acme_token;
using tests::is_signed;
using tests::oauth_of;

namespace {

const char* const myself = "https://site.example/acme/rest/myself";

ApiRequest request(std::string method, std::string path) {
  ApiRequest made;
  made.method = std::move(method);
  made.path = std::move(path);
  return made;
}

struct Site {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Client client{world.platform(), acme_connection(), acme_token()};

  tests::SentRequest& sent(std::size_t i = 0) { return world.transport.sent.at(i); }
};

}  // namespace

TEST_CASE("client: a request is signed over the exact URL that goes out") {
  Site site;
  site.world.transport.expect("GET", "https://site.example/acme/rest/x?a=%20b&q=1%2B1&q=")
      .answers(200, {{"Content-Type", "application/json"}}, "{}");
  ApiRequest get = request("GET", "/rest/x?a=%20b");
  get.query = {{"q", "1+1"}, {"q", ""}};
  const auto answer = site.client.send(get, site.keeper);
  REQUIRE(answer.has_value());
  CHECK_FALSE(answer->error.has_value());
  CHECK(answer->head.status == 200);
  CHECK(site.keeper.status == 200);
  CHECK(site.keeper.body == "{}");
  CHECK(is_signed(site.sent()));
  CHECK(site.sent().oauth("oauth_token") == "token");
  CHECK(site.sent().oauth("oauth_consumer_key") == "atlink-tests");
  CHECK(site.sent().oauth("oauth_timestamp") == std::to_string(site.world.clock.seconds()));
  CHECK_FALSE(site.sent().body.has_value());
}

TEST_CASE("client: what is for this machine goes in plain to no proxy elsewhere") {
  const auto through = [](const char* proxy, bool proves) {
    ProxyRules rules;
    rules.for_http = read_proxy(proxy, "a test").value();
    rules.except.add(NoProxy::read("<-loopback>").value());
    Connection connection = acme_connection();
    connection.base = BaseUrl::parse("http://127.0.0.1:8080").value();
    connection.options.proxies = std::make_shared<const ProxyRules>(std::move(rules));
    tests::FakeWorld world;
    const bool near = std::string_view(proxy).find("[::1]") != std::string_view::npos;
    if (near || !proves) {
      world.transport.expect("GET", "http://127.0.0.1:8080/x").answers(200);
    }
    Client client(world.platform(),
                  std::move(connection),
                  proves ? std::optional(acme_token()) : std::nullopt);
    tests::Keeper keeper;
    const auto answer = client.send(request("GET", "/x"), keeper);
    return answer ? ErrorCode::internal : answer.error().code;
  };
  CHECK(through("http://proxy.example:3128", true) == ErrorCode::credential_insecure);
  CHECK(through("socks5h://192.0.2.1:1080", true) == ErrorCode::credential_insecure);
  CHECK(through("http://proxy.example:3128", false) == ErrorCode::internal);
  CHECK(through("http://[::1]:3128", true) == ErrorCode::internal);
}

TEST_CASE("client: the URL is the one that url_of names") {
  Site site;
  ApiRequest get = request("GET", "rest/x");
  get.query = {{"a", "b c"}};
  CHECK(site.client.url_of(get).value().str() == "https://site.example/acme/rest/x?a=b%20c");
  CHECK(site.client.url_of(request("GET", "https://other.example/x")).error().code ==
        ErrorCode::url_other_origin);
}

TEST_CASE("client: nothing is sent to another origin or under a doubled context path") {
  Site site;
  CHECK(site.client.send(request("GET", "http://site.example/acme/x"), site.keeper).error().code ==
        ErrorCode::url_other_origin);
  CHECK(site.client.send(request("GET", "/acme/rest/x"), site.keeper).error().code ==
        ErrorCode::url_context_doubled);
  CHECK(site.client.send(request("get", "/rest/x"), site.keeper).error().code == ErrorCode::usage);
  CHECK(site.keeper.heads == 0);
}

TEST_CASE("client: form fields are encoded, sent as a form and signed") {
  Site site;
  site.world.transport.expect("POST", "https://site.example/acme/rest/x").answers(201);
  ApiRequest post = request("POST", "/rest/x");
  post.form = FormFields{{"a b", "ü+&"}, {"a b", ""}};
  REQUIRE(site.client.send(post, site.keeper).has_value());
  CHECK(site.sent().body == "a%20b=%C3%BC%2B%26&a%20b=");
  CHECK(site.sent().header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(is_signed(site.sent()));
  site.sent().body = "a%20b=other&a%20b=";
  CHECK_FALSE(is_signed(site.sent()));
}

TEST_CASE("client: a body of one's own that is a form is signed too, byte for byte") {
  Site site;
  site.world.transport.expect("POST", "https://site.example/acme/rest/x").answers(200);
  const auto body = body_from_string("a=1+2&b");
  ApiRequest post = request("POST", "/rest/x");
  post.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  post.body = body.get();
  REQUIRE(site.client.send(post, site.keeper).has_value());
  CHECK(site.sent().body == "a=1+2&b");
  CHECK(is_signed(site.sent()));
}

TEST_CASE("client: a form that does not fit into memory is refused before anything is sent") {
  Site site;
  const auto body = body_from_string(std::string((1U << 20) + 1, 'x'));
  ApiRequest post = request("POST", "/rest/x");
  post.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  post.body = body.get();
  CHECK(site.client.send(post, site.keeper).error().code == ErrorCode::usage);
}

TEST_CASE("client: a JSON body streams through and is not part of the signature") {
  Site site;
  site.world.transport.expect("PUT", "https://site.example/acme/rest/x").answers(204);
  const auto body = body_from_string(R"({"a":1})");
  ApiRequest put = request("PUT", "/rest/x");
  put.headers = {{"Content-Type", "application/json"}};
  put.body = body.get();
  REQUIRE(site.client.send(put, site.keeper).has_value());
  CHECK(site.sent().body == R"({"a":1})");
  CHECK(site.sent().header("X-Acme-Check") == "off");
  CHECK(is_signed(site.sent()));
}

TEST_CASE("client: form fields and a body, or another content type, do not go together") {
  Site site;
  const auto body = body_from_string("x");
  ApiRequest post = request("POST", "/rest/x");
  post.form = FormFields{{"a", "b"}};
  post.headers = {{"Content-Type", "application/json"}};
  CHECK(site.client.send(post, site.keeper).error().code == ErrorCode::header_invalid);
  post.headers = {};
  post.body = body.get();
  CHECK(site.client.send(post, site.keeper).error().code == ErrorCode::usage);
}

TEST_CASE("client: OAuth parameters travel in the query where the connection says so") {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Connection connection = acme_connection();
  connection.transmission = oauth1::Transmission::query;
  Client client(world.platform(), std::move(connection), acme_token());
  world.transport.expect_prefix("GET", "https://site.example/acme/rest/x?a=b&").answers(200);
  REQUIRE(client.send(request("GET", "/rest/x?a=b"), keeper).has_value());
  CHECK(world.transport.sent[0].header("Authorization").empty());
  CHECK(oauth_of(world.transport.sent[0], "oauth_token") == "token");
  CHECK(is_signed(world.transport.sent[0]));
}

TEST_CASE("client: OAuth parameters travel in a form body, or in the header without one") {
  tests::FakeWorld world;
  tests::Keeper form_keeper;
  tests::Keeper keeper;
  Connection connection = acme_connection();
  connection.transmission = oauth1::Transmission::form;
  Client client(world.platform(), std::move(connection), acme_token());
  world.transport.expect("POST", "https://site.example/acme/rest/x").answers(200);
  ApiRequest post = request("POST", "/rest/x");
  post.form = FormFields{{"a", "b"}};
  REQUIRE(client.send(post, form_keeper).has_value());
  CHECK(world.transport.sent[0].header("Authorization").empty());
  CHECK(world.transport.sent[0].body->substr(0, 4) == "a=b&");
  CHECK(is_signed(world.transport.sent[0]));

  world.transport.expect("GET", "https://site.example/acme/rest/x").answers(200);
  REQUIRE(client.send(request("GET", "/rest/x"), keeper).has_value());
  CHECK(world.transport.sent[1].oauth("oauth_token") == "token");
}

TEST_CASE("client: the two-legged form sends an empty token, no token sends nothing") {
  tests::FakeWorld world;
  tests::Keeper first;
  tests::Keeper second;
  Client two_legged(world.platform(), acme_connection(), oauth1::Token{});
  world.transport.expect("GET", "https://site.example/acme/x").answers(200);
  REQUIRE(two_legged.send(request("GET", "/x"), first).has_value());
  CHECK(world.transport.sent[0].oauth("oauth_token") == "");
  CHECK(is_signed(world.transport.sent[0], ""));

  Client unsigned_client(world.platform(), acme_connection(), std::nullopt);
  world.transport.expect("GET", "https://site.example/acme/x").answers(200);
  REQUIRE(unsigned_client.send(request("GET", "/x"), second).has_value());
  CHECK(world.transport.sent[1].header("Authorization").empty());
}

TEST_CASE("client: every request has a nonce of its own") {
  Site site;
  for (int i = 0; i < 2; ++i) {
    tests::Keeper keeper;
    site.world.transport.expect("GET", "https://site.example/acme/x").answers(200);
    REQUIRE(site.client.send(request("GET", "/x"), keeper).has_value());
  }
  CHECK(site.sent(0).oauth("oauth_nonce") != site.sent(1).oauth("oauth_nonce"));
}

TEST_CASE("client: without random bytes nothing is sent") {
  Site site;
  site.world.random.broken = true;
  CHECK(site.client.send(request("GET", "/x"), site.keeper).error().code == ErrorCode::internal);
}

TEST_CASE("client: the connection's certificates and the limits go with each exchange") {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Connection connection = acme_connection();
  connection.options.ca_pem = "pem";
  Client client(world.platform(), std::move(connection), acme_token());
  client.limits.deadline = std::chrono::milliseconds(5000);
  client.limits.idle = std::chrono::milliseconds(7000);
  world.transport.expect("GET", "https://site.example/acme/x").answers(200);
  REQUIRE(client.send(request("GET", "/x"), keeper).has_value());
  CHECK(world.transport.sent[0].connection.ca_pem == "pem");
  CHECK(world.transport.sent[0].deadline.count() == 5000);
  CHECK(world.transport.sent[0].idle_deadline.count() == 7000);
}

TEST_CASE("who am I: the name is found by JSON pointer, then by header") {
  Site site;
  site.world.transport.expect("GET", myself).answers(200, {}, R"({"accountId":"42"})");
  CHECK(site.client.who_am_i().value() == "42");
  CHECK(is_signed(site.sent()));
  CHECK(site.sent().idle_deadline.count() == 0);
  site.world.transport.expect("GET", myself).answers(200, {{"X-Acme-Name", "zo%C3%AB"}}, "{}");
  CHECK(site.client.who_am_i().value() == "zoë");
}

TEST_CASE("who am I: nobody is told apart from no answer") {
  Site site;
  site.world.transport.expect("GET", myself).answers(200, {}, R"({"name":"anonymous"})");
  CHECK(site.client.who_am_i().error().code == ErrorCode::credential_anonymous);
  site.world.transport.expect("GET", myself).answers(200, {}, R"({"name":""})");
  CHECK(site.client.who_am_i().error().code == ErrorCode::credential_anonymous);
  site.world.transport.expect("GET", myself).answers(200, {{"X-Acme-User", "anonymous"}}, "{}");
  CHECK(site.client.who_am_i().error().code == ErrorCode::credential_anonymous);
  site.world.transport.expect("GET", myself).answers(200, {}, "{}");
  CHECK(site.client.who_am_i().error().code == ErrorCode::answer_not_understood);
  site.world.transport.expect("GET", myself).answers(401, {}, "{}");
  CHECK(site.client.who_am_i().error().code == ErrorCode::answer_unauthorized);
}

TEST_CASE("who am I: a name is made fit for a terminal") {
  Site site;
  site.world.transport.expect("GET", myself).answers(200, {}, R"({"name":"a\u001b[31mb"})");
  CHECK(site.client.who_am_i().value().find('\x1B') == std::string::npos);
}

TEST_CASE("who am I: a product without a rule cannot be asked") {
  tests::FakeWorld world;
  Connection connection = acme_connection();
  connection.product.identity.reset();
  Client client(world.platform(), std::move(connection), acme_token());
  CHECK(client.who_am_i().error().code == ErrorCode::product_unsupported);
}

TEST_SUITE_END();
