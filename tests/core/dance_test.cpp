// SPDX-License-Identifier: Apache-2.0
#include "atlink/client.h"
#include "atlink/text.h"
#include "tests/support/acme.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace std::chrono_literals;
using tests::acme_connection;
using tests::is_signed;
using tests::oauth_of;

namespace {

const char* const request_token = "https://site.example/acme/oauth/request-token";
const char* const access_token = "https://site.example/acme/oauth/access-token";
const char* const temporary =
    "oauth_token=temp&oauth_token_secret=temp-secret&oauth_callback_confirmed=true";

IssuedFor issued_for(std::string base = "https://site.example/acme") {
  return {"acme", std::move(base), "atlink-tests", ""};
}

struct Place {
  tests::FakeWorld world;
  Connection connection = acme_connection();
  Dance dance{world.platform(), connection, issued_for()};

  tests::PlannedExchange& expect(std::string url) {
    return world.transport.expect("POST", std::move(url));
  }

  const tests::SentRequest& sent(std::size_t i) { return world.transport.sent.at(i); }

  PendingLogin pending() {
    PendingLogin made;
    made.issued_for = issued_for();
    made.request_token = "temp";
    made.request_token_secret = Secret("temp-secret");
    made.callback = "oob";
    made.begun_at = world.clock.now();
    made.expires_at = made.begun_at + 600s;
    return made;
  }

  Credential old() {
    Credential made;
    made.issued_for = issued_for();
    made.token = "old";
    made.token_secret = Secret("old-secret");
    made.session_handle = Secret("handle");
    made.user = "zoe";
    made.version = 3;
    return made;
  }
};

template <class T>
std::string code_of(const Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return std::string(name_of(result.error().code));
}

}  // namespace

TEST_CASE("dance: temporary credentials are asked for by a signed POST with the callback") {
  Place place;
  place.expect(request_token).answers(200, {}, temporary);
  const auto pending = place.dance.begin("http://127.0.0.1:4000/callback?x=y");
  REQUIRE(pending.has_value());
  CHECK(pending->request_token == "temp");
  CHECK(pending->request_token_secret.expose() == "temp-secret");
  CHECK(pending->callback == "http://127.0.0.1:4000/callback?x=y");
  CHECK(pending->issued_for == issued_for());
  CHECK(pending->expires_at - pending->begun_at == 600s);
  CHECK(oauth_of(place.sent(0), "oauth_callback") == "http://127.0.0.1:4000/callback?x=y");
  CHECK_FALSE(oauth_of(place.sent(0), "oauth_token").has_value());
  CHECK(is_signed(place.sent(0), ""));
  CHECK(place.sent(0).idle_deadline == 0ms);
}

TEST_CASE("dance: OAuth parameters travel in a form where the connection says so") {
  Place place;
  place.connection.transmission = oauth1::Transmission::form;
  place.expect(request_token).answers(200, {}, temporary);
  REQUIRE(place.dance.begin("oob").has_value());
  CHECK(place.sent(0).header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(place.sent(0).header("Authorization").empty());
  CHECK(is_signed(place.sent(0), ""));
}

TEST_CASE("dance: a server that does not confirm the callback is told of") {
  Place place;
  place.expect(request_token).answers(200, {}, "oauth_token=t&oauth_token_secret=s");
  CHECK(code_of(place.dance.begin("oob")) == "oauth1.callback_unconfirmed");

  place.connection.product.oauth1->callback_confirmed = false;
  place.expect(request_token).answers(200, {}, "oauth_token=t&oauth_token_secret=s");
  CHECK(place.dance.begin("oob").has_value());
}

TEST_CASE("dance: what is no token answer is named for what it is") {
  Place place;
  place.expect(request_token).answers(200);
  CHECK(code_of(place.dance.begin("oob")) == "oauth1.token_absent");
  place.expect(request_token)
      .answers(200, {{"Content-Type", "text/html"}}, "<html><form id=\"login\">");
  CHECK(code_of(place.dance.begin("oob")) == "answer.login_page");
  place.expect(request_token).answers(401, {}, "oauth_problem=consumer_key_unknown");
  CHECK(code_of(place.dance.begin("oob")) == "oauth1.consumer_key_unknown");
  place.expect(request_token).answers(404, {{"Content-Type", "text/plain"}}, "no");
  CHECK(code_of(place.dance.begin("oob")) == "answer.not_found");
}

TEST_CASE("dance: errors say which address answered so") {
  Place place;
  place.expect(request_token).answers(200);
  CHECK(place.dance.begin("oob").error().fact("url") == request_token);
}

TEST_CASE("dance: nobody is signed in yet, so an anonymous answer is right") {
  Place place;
  place.expect(request_token).answers(200, {{"X-Acme-User", "anonymous"}}, temporary);
  CHECK(place.dance.begin("oob").has_value());
}

TEST_CASE("dance: the clock is corrected once from the server's answer") {
  Place place;
  const std::int64_t server = place.world.clock.seconds() + 4000;
  place.expect(request_token)
      .answers(400,
               {},
               fmt::format("oauth_problem=timestamp_refused&oauth_acceptable_timestamps={}-{}",
                           server - 300,
                           server + 300));
  place.expect(request_token).answers(200, {}, temporary);
  REQUIRE(place.dance.begin("oob").has_value());
  CHECK(place.sent(1).oauth("oauth_timestamp") == std::to_string(server));
}

TEST_CASE("dance: temporary credentials are asked for again after a lost connection") {
  Place place;
  place.expect(request_token).fails(ErrorCode::network_lost);
  place.expect(request_token).answers(200, {}, temporary);
  CHECK(place.dance.begin("oob").has_value());
}

TEST_CASE("dance: shared secrets do not travel over plain http, but on loopback") {
  tests::FakeWorld world;
  const Connection plain = acme_connection("http://site.example");
  Dance dance(world.platform(), plain, issued_for("http://site.example/acme"));
  CHECK(code_of(dance.begin("oob")) == "oauth1.insecure");

  const Connection local = acme_connection("http://127.0.0.1:8080");
  Dance here(world.platform(), local, issued_for("http://127.0.0.1:8080/acme"));
  world.transport.expect("POST", "http://127.0.0.1:8080/acme/oauth/request-token")
      .answers(200, {}, temporary);
  CHECK(here.begin("oob").has_value());
}

TEST_CASE("dance: redirects of token calls stay on the origin and keep the method") {
  Place place;
  place.expect(request_token).answers(307, {{"Location", "/acme/oauth2/request-token"}});
  place.expect("https://site.example/acme/oauth2/request-token").answers(200, {}, temporary);
  REQUIRE(place.dance.begin("oob").has_value());
  CHECK(is_signed(place.sent(1), ""));

  place.expect(request_token).answers(302, {{"Location", "/acme/elsewhere"}});
  const auto moved = place.dance.begin("oob");
  CHECK(code_of(moved) == "answer.redirect");
  CHECK(moved.error().message.find("/acme/elsewhere") != std::string::npos);
  place.expect(request_token).answers(307, {{"Location", "https://other.example/"}});
  CHECK(code_of(place.dance.begin("oob")) == "answer.redirect");
  place.expect(request_token).answers(302, {{"Location", "/acme/login"}});
  CHECK(code_of(place.dance.begin("oob")) == "answer.login_page");
}

TEST_CASE("dance: a product without OAuth 1.0a has none") {
  Place place;
  place.connection.product.oauth1.reset();
  CHECK(code_of(place.dance.begin("oob")) == "product.unsupported");
  CHECK(code_of(place.dance.authorize_url(place.pending())) == "product.unsupported");
  CHECK(code_of(place.dance.finish(place.pending(), "v")) == "product.unsupported");
  CHECK(code_of(place.dance.renew(place.old())) == "product.unsupported");
}

TEST_CASE("dance: the person goes to the authorize page with the encoded token") {
  Place place;
  PendingLogin pending = place.pending();
  pending.request_token = "a+b/c=";
  CHECK(place.dance.authorize_url(pending).value().str() ==
        "https://site.example/acme/oauth/authorize?oauth_token=a%2Bb%2Fc%3D");
}

TEST_CASE("dance: the verifier is exchanged for a credential with all that the server said") {
  Place place;
  place.expect(access_token)
      .answers(200,
               {},
               "oauth_token=tok&oauth_token_secret=sec&oauth_expires_in=100&"
               "oauth_session_handle=han&oauth_authorization_expires_in=200");
  const auto credential = place.dance.finish(place.pending(), " code\n");
  REQUIRE(credential.has_value());
  CHECK(credential->token == "tok");
  CHECK(credential->token_secret.expose() == "sec");
  CHECK(credential->session_handle.expose() == "han");
  CHECK(credential->issued_for == issued_for());
  const TimePoint now = place.world.clock.now();
  CHECK(credential->issued_at == now);
  CHECK(credential->expires_at == now + 100s);
  CHECK(credential->session_ends_at == now + 200s);
  CHECK(oauth_of(place.sent(0), "oauth_verifier") == "code");
  CHECK(oauth_of(place.sent(0), "oauth_token") == "temp");
  CHECK(is_signed(place.sent(0), "temp-secret"));
}

TEST_CASE("dance: lifetimes come from the description where the server names none") {
  Place place;
  place.expect(access_token)
      .answers(200, {}, "oauth_token=t&oauth_token_secret=s&oauth_session_handle=h");
  const auto credential = place.dance.finish(place.pending(), "code");
  const TimePoint now = place.world.clock.now();
  CHECK(credential->expires_at == now + 3600s);
  CHECK(credential->session_ends_at == now + 7200s);
}

TEST_CASE("dance: without a session handle no session ends, and absurd lifetimes do not overflow") {
  Place place;
  place.expect(access_token)
      .answers(200, {}, "oauth_token=t&oauth_token_secret=s&oauth_expires_in=9223372036854775807");
  const auto credential = place.dance.finish(place.pending(), "code");
  CHECK_FALSE(credential->session_ends_at.has_value());
  CHECK(credential->expires_at > place.world.clock.now() + std::chrono::hours(24 * 365 * 50));

  place.connection.product.oauth1->access_token_lifetime = 0s;
  place.expect(access_token).answers(200, {}, "oauth_token=t&oauth_token_secret=s");
  CHECK_FALSE(place.dance.finish(place.pending(), "code")->expires_at.has_value());
}

TEST_CASE("dance: what cannot work is told before anything is sent") {
  Place place;
  CHECK(code_of(place.dance.finish(place.pending(), "denied")) == "login.denied");
  CHECK(code_of(place.dance.finish(place.pending(), "  ")) == "usage");
  PendingLogin elsewhere = place.pending();
  elsewhere.issued_for = issued_for("https://other.example");
  CHECK(code_of(place.dance.finish(elsewhere, "code")) == "credential.elsewhere");
  PendingLogin late = place.pending();
  place.world.clock.pass(601s);
  CHECK(code_of(place.dance.finish(late, "code")) == "login.expired");
  CHECK(code_of(place.dance.finish(late, "denied")) == "login.denied");
  CHECK(place.world.transport.sent.empty());
}

TEST_CASE("dance: the verifier is not sent twice, since the first may have used it up") {
  Place place;
  place.expect(access_token).fails(ErrorCode::network_answer_lost);
  const auto lost = place.dance.finish(place.pending(), "code");
  CHECK(code_of(lost) == "network.answer_lost");
  CHECK(lost.error().next.find("begin the sign-in again") != std::string::npos);
}

TEST_CASE("dance: a refused verifier is told in the server's words") {
  Place place;
  place.expect(access_token).answers(401, {}, "oauth_problem=permission_denied");
  CHECK(code_of(place.dance.finish(place.pending(), "code")) == "oauth1.permission_denied");
}

TEST_CASE("dance: a credential is renewed with its session handle and keeps its user") {
  Place place;
  place.expect(access_token)
      .answers(200, {}, "oauth_token=new&oauth_token_secret=new-secret&oauth_session_handle=h2");
  const auto renewed = place.dance.renew(place.old());
  REQUIRE(renewed.has_value());
  CHECK(renewed->token == "new");
  CHECK(renewed->session_handle.expose() == "h2");
  CHECK(renewed->user == "zoe");
  CHECK(renewed->version == 3);
  CHECK(oauth_of(place.sent(0), "oauth_token") == "old");
  CHECK(oauth_of(place.sent(0), "oauth_session_handle") == "handle");
  CHECK(is_signed(place.sent(0), "old-secret"));
}

TEST_CASE("dance: a session that the server does not rename goes on under its handle") {
  Place place;
  place.expect(access_token).answers(200, {}, "oauth_token=new&oauth_token_secret=s");
  CHECK(place.dance.renew(place.old())->session_handle.expose() == "handle");
}

TEST_CASE("dance: what cannot be renewed is told before anything is sent") {
  Place place;
  Credential none = place.old();
  none.session_handle.wipe();
  CHECK(code_of(place.dance.renew(none)) == "credential.not_renewable");
  Credential over = place.old();
  over.session_ends_at = place.world.clock.now() - 1s;
  CHECK(code_of(place.dance.renew(over)) == "credential.not_renewable");
  Credential elsewhere = place.old();
  elsewhere.issued_for.consumer_key = "other";
  CHECK(code_of(place.dance.renew(elsewhere)) == "credential.elsewhere");
}

TEST_SUITE_END();
