// SPDX-License-Identifier: Apache-2.0
// What answers mean, and what of them reaches the handler.
#include "atlink/client.h"
#include "tests/support/acme.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;
using tests::acme_connection;
using tests::acme_token;

namespace {

const char* const there = "https://site.example/acme/x";

struct Site {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Client client;

  explicit Site(Connection connection = acme_connection())
      : client(world.platform(), std::move(connection), acme_token()) {
    client.retry.attempts = 1;
  }

  Result<Classified> get() {
    ApiRequest request;
    request.method = "GET";
    request.path = "/x";
    return client.send(request, keeper);
  }

  /// The code that an answer is classified as; "fine" for none.
  std::string code_of(int status, Headers headers = {}, std::string body = {}) {
    keeper.clear();
    world.transport.expect("GET", there).answers(status, std::move(headers), std::move(body));
    const auto answer = get();
    REQUIRE(answer.has_value());
    CHECK(keeper.status == status);
    return answer->error ? std::string(name_of(answer->error->code)) : "fine";
  }
};

}  // namespace

TEST_CASE("answers: without other signs the status decides") {
  Site site;
  CHECK(site.code_of(200) == "fine");
  CHECK(site.code_of(204) == "fine");
  CHECK(site.code_of(304) == "fine");
  CHECK(site.code_of(400) == "answer.invalid");
  CHECK(site.code_of(401) == "answer.unauthorized");
  CHECK(site.code_of(403) == "answer.forbidden");
  CHECK(site.code_of(404) == "answer.not_found");
  CHECK(site.code_of(409) == "answer.conflict");
  CHECK(site.code_of(410) == "answer.not_found");
  CHECK(site.code_of(412) == "answer.conflict");
  CHECK(site.code_of(415) == "answer.invalid");
  CHECK(site.code_of(429) == "answer.rate_limited");
  CHECK(site.code_of(500) == "answer.server_error");
  CHECK(site.code_of(503) == "answer.server_error");
}

TEST_CASE(
    "answers: the server's own words are told, fit for a terminal, and the body still comes") {
  Site site;
  const std::string body = R"({"errorMessages":["no \u001b[1mboard","try 2"],"message":"unused"})";
  site.world.transport.expect("GET", there).answers(404, {}, body);
  const auto answer = site.get();
  REQUIRE(answer->error.has_value());
  CHECK(answer->error->message.find("board; try 2") != std::string::npos);
  CHECK(answer->error->message.find('\x1B') == std::string::npos);
  CHECK(answer->error->fact("status") == "404");
  CHECK(answer->error->fact("url") == there);
  CHECK(site.keeper.body == body);
}

TEST_CASE("answers: words that repeat what was sent are told without it") {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Client client(world.platform(), acme_connection(), oauth1::Token{"the-very-token", Secret("s")});
  ApiRequest request;
  request.method = "GET";
  request.path = "/x";
  world.transport.expect("GET", there)
      .answers(400, {}, R"({"message":"bad oauth_token=the-very-token"})");
  auto answer = client.send(request, keeper);
  CHECK(answer->error->message.find("oauth_token=(hidden)") != std::string::npos);
  CHECK(answer->error->message.find("the-very-token") == std::string::npos);
  keeper.clear();
  // The server's advice, which is cut short, and the fact that it becomes.
  const std::string advice = std::string(190, 'x') + "the-very-token";
  world.transport.expect("GET", there)
      .answers(401, {}, "oauth_problem=token_rejected&oauth_problem_advice=" + advice);
  answer = client.send(request, keeper);
  CHECK(answer->error->message.find("the-v") == std::string::npos);
  CHECK(answer->error->fact("oauth_problem_advice").find("the-v") == std::string::npos);
}

TEST_CASE("answers: the places for messages are tried in order") {
  Site site;
  site.world.transport.expect("GET", there)
      .answers(400, {}, R"({"errorMessages":[],"message":"second place"})");
  CHECK(site.get()->error->message.find("second place") != std::string::npos);
}

TEST_CASE("answers: an OAuth problem comes before every other sign") {
  Site site;
  const Headers challenge{
      {"WWW-Authenticate",
       R"(OAuth realm="https%3A%2F%2Fsite.example", oauth_problem="token_rejected")"},
      {"X-Acme-User", "anonymous"}};
  CHECK(site.code_of(401, challenge) == "oauth1.token_rejected");
  CHECK(site.code_of(401, {}, "oauth_problem=signature_invalid") == "oauth1.signature_invalid");
}

TEST_CASE("answers: a bare OAuth challenge is no OAuth problem") {
  Site site;
  CHECK(site.code_of(401, {{"WWW-Authenticate", R"(OAuth realm="https%3A%2F%2Fsite.example")"}}) ==
        "answer.unauthorized");
}

TEST_CASE("answers: words of a problem in the body of a success are data") {
  Site site;
  for (const char* type : {"text/plain", "text/html"}) {
    CHECK(site.code_of(200, {{"Content-Type", type}}, "oauth_problem=token_rejected") == "fine");
  }
}

TEST_CASE("answers: each of the product's signals gives its own code") {
  Site site;
  CHECK(site.code_of(403, {{"X-Acme-Denied", "CAPTCHA_CHALLENGE; x"}}) == "answer.captcha");
  CHECK(site.code_of(200, {{"X-Acme-User", "anonymous"}}, "{}") == "credential.anonymous");
  CHECK(site.code_of(200, {{"X-Acme-User", "anonymous-coward"}}, "{}") == "fine");
  CHECK(site.code_of(200, {{"X-Acme-User", "alice"}}, "{}") == "fine");
  CHECK(site.code_of(403, {{"x-acme-login", "Failed"}}) == "answer.unauthorized");
  CHECK(site.code_of(403, {}, "<p>XSRF check failed</p>") == "answer.xsrf");
  CHECK(site.code_of(420) == "answer.rate_limited");
  CHECK(site.code_of(403, {{"X-Acme-Denied", "other"}}) == "answer.forbidden");
}

TEST_CASE("answers: fetch gives a usable answer whole, and nothing else for one") {
  Site site;
  const ApiRequest get{.method = "GET", .path = "/x"};
  site.world.transport.expect("GET", there).answers(200, {{"ETag", "1"}}, "data");
  const auto answer = site.client.fetch(get);
  REQUIRE(answer.has_value());
  CHECK(answer->head.status == 200);
  CHECK(answer->head.headers.find("etag") == "1");
  CHECK(answer->body == "data");

  site.world.transport.expect("GET", there).answers(404, {}, "no such thing");
  const auto missing = site.client.fetch(get);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == ErrorCode::answer_not_found);
  CHECK(missing.error().fact("status") == "404");

  site.world.transport.expect("GET", there).answers(200, {}, "12345");
  CHECK(site.client.fetch(get, 5).value().body == "12345");
  site.world.transport.expect("GET", there).answers(200, {}, "123456");
  CHECK(site.client.fetch(get, 5).error().code == ErrorCode::answer_too_large);
}

TEST_CASE("answers: data that came as anonymous still reaches the handler") {
  Site site;
  CHECK(site.code_of(200, {{"X-Acme-User", "anonymous"}}, "[1]") == "credential.anonymous");
  CHECK(site.keeper.body == "[1]");
}

TEST_CASE("answers: nobody is surprised to be nobody who sent no credential") {
  tests::FakeWorld world;
  tests::Keeper keeper;
  Client client(world.platform(), acme_connection(), std::nullopt);
  world.transport.expect("GET", there).answers(200, {{"X-Acme-User", "anonymous"}}, "{}");
  ApiRequest request;
  request.method = "GET";
  request.path = "/x";
  CHECK_FALSE(client.send(request, keeper)->error.has_value());
}

TEST_CASE("answers: a login page in place of data is known before a byte of it goes on") {
  Site site;
  const std::string page = std::string(3000, ' ') + "<form id=\"login\">" + std::string(90000, ' ');
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, std::size_t{200000}}) {
    site.keeper.clear();
    site.world.transport.expect("GET", there)
        .answers(200, {{"Content-Type", "text/html;charset=UTF-8"}}, page)
        .in_pieces_of(piece);
    const auto answer = site.get();
    REQUIRE(answer.has_value());
    CHECK(answer->error->code == ErrorCode::answer_login_page);
    CHECK(site.keeper.status == 200);
    CHECK(site.keeper.body.empty());
  }
}

TEST_CASE("answers: other HTML passes whole, however large and however it is cut") {
  Site site;
  const std::string page = "<html>" + std::string(200000, 'x') + "</html>";
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{65536}, std::size_t{65537}, std::size_t{500000}}) {
    site.keeper.clear();
    site.world.transport.expect("GET", there)
        .answers(200, {{"Content-Type", "text/html"}}, page)
        .in_pieces_of(piece);
    CHECK_FALSE(site.get()->error.has_value());
    CHECK(site.keeper.body == page);
  }
}

TEST_CASE("answers: the mark of a login page beyond the first 64 KiB is not looked for") {
  Site site;
  const std::string page = std::string(70000, ' ') + "id=\"login\"";
  site.world.transport.expect("GET", there).answers(200, {{"Content-Type", "text/html"}}, page);
  CHECK_FALSE(site.get()->error.has_value());
  CHECK(site.keeper.body == page);
}

TEST_CASE("answers: data that no signal can concern streams on at once") {
  Site site;
  std::size_t written_at_first = 0;
  site.world.transport.expect("GET", there)
      .answers_from(200, {{"Content-Type", "application/json"}}, [&](BodySink& sink) -> Status {
        ATLINK_CHECK(sink.write("[1,"));
        written_at_first = site.keeper.body.size();
        return sink.write("2]");
      });
  REQUIRE(site.get().has_value());
  CHECK(written_at_first == 3);
  CHECK(site.keeper.body == "[1,2]");
}

TEST_CASE("answers: an error body of any size reaches the handler whole") {
  Site site;
  const std::string body(300000, 'e');
  CHECK(site.code_of(500, {}, body) == "answer.server_error");
  CHECK(site.keeper.body == body);
}

TEST_CASE("answers: an answer that is cut short is an error after its bytes went on") {
  Site site;
  site.world.transport.expect("GET", there)
      .answers(200, {{"Content-Type", "application/json"}}, "[1,")
      .fails(ErrorCode::answer_truncated);
  const auto answer = site.get();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::answer_truncated);
  CHECK(site.keeper.body == "[1,");
}

TEST_CASE("answers: once bytes went on, an answer that is cut short is not asked for again") {
  Site site;
  site.client.retry.attempts = 3;
  site.world.transport.expect("GET", there)
      .answers(200, {{"Content-Type", "application/json"}}, "[1,")
      .fails(ErrorCode::answer_truncated);
  CHECK(site.get().error().code == ErrorCode::answer_truncated);
}

TEST_CASE("answers: a handler that cannot take more ends it with its own error") {
  Site site;
  site.client.retry.attempts = 3;
  site.keeper.broken = true;
  site.world.transport.expect("GET", there).answers(200, {}, "data");
  CHECK(site.get().error().code == ErrorCode::file_io);
}

TEST_CASE("answers: after a long upload an error body is still waited for and read") {
  Site site;
  site.client.limits.deadline = std::chrono::milliseconds(1000);
  site.world.transport.expect("GET", there)
      .answers(400, {}, R"({"message":"the whole of it"})")
      .in_pieces_of(5)
      .takes(std::chrono::minutes(20));
  CHECK(site.get()->error->message.find("the whole of it") != std::string::npos);
}

TEST_CASE("answers: an error body that does not end is held back no longer than the deadline") {
  Site site;
  site.client.limits.deadline = std::chrono::milliseconds(1000);
  std::size_t passed_on = 0;
  site.world.transport.expect("GET", there).answers_from(400, {}, [&](BodySink& sink) -> Status {
    ATLINK_CHECK(sink.write("first"));
    site.world.clock.pass(std::chrono::milliseconds(1001));
    ATLINK_CHECK(sink.write("second"));
    passed_on = site.keeper.body.size();
    return {};
  });
  REQUIRE(site.get().has_value());
  CHECK(passed_on == 11);
}

TEST_CASE("answers: how long to wait is told with a rate limit") {
  Site site;
  site.world.transport.expect("GET", there).answers(429, {{"Retry-After", "17"}});
  CHECK(site.get()->error->fact("retry_after") == "17");
}

TEST_CASE("answers: what the product's headers say of a limit is told") {
  Connection connection = acme_connection();
  connection.product.rate_limit.limit = "X-Acme-Limit";
  connection.product.rate_limit.remaining = "X-Acme-Left";
  connection.product.rate_limit.reason = "X-Acme-Why";
  Site site(std::move(connection));
  site.world.transport.expect("GET", there)
      .answers(429,
               {{"X-Acme-Limit", "100"}, {"X-Acme-Left", "0"}, {"X-Acme-Why", "burst\x1b[1m"}});
  const auto answer = site.get();
  CHECK(answer->error->fact("limit") == "100");
  CHECK(answer->error->fact("remaining") == "0");
  CHECK(answer->error->fact("reason").find("burst") == 0);
  CHECK(answer->error->fact("reason").find('\x1b') == std::string_view::npos);
  CHECK(answer->error->fact("reset").empty());
}

TEST_CASE("answers: a status that may mean an expired credential is told as such") {
  Connection connection = acme_connection();
  connection.product.oauth1->expired_statuses = {401, 403};
  Site site(std::move(connection));
  site.world.transport.expect("GET", there).answers(403);
  const auto answer = site.get();
  CHECK(answer->error->code == ErrorCode::answer_forbidden);
  CHECK(answer->error->next.find("sign in again") != std::string::npos);
}

TEST_SUITE_END();
