// SPDX-License-Identifier: Apache-2.0
#include "atlink/http_server.h"

#include "tests/support/raw_client.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

using namespace atlink;
using namespace atlink::tests;
using std::chrono::milliseconds;

namespace {

/// Answers by a function; never done by itself.
class ByFunction final : public HttpServer::Handler {
 public:
  using Function = std::function<ServerResponse(const ServerRequest&)>;

  explicit ByFunction(Function function) : function_(std::move(function)) {}

  ServerResponse handle(const ServerRequest& request) override {
    ++asked;
    return function_(request);
  }

  bool done() override { return finished; }

  std::atomic<int> asked{0};
  std::atomic<bool> finished{false};

 private:
  Function function_;
};

/// Tells what arrived.
ServerResponse echo(const ServerRequest& request) {
  ServerResponse response;
  response.headers.add("Content-Type", "text/plain");
  response.body = fmt::format("{} {} [{}]", request.method, request.target, request.body);
  return response;
}

/// A server that runs in a thread of its own while this lives.
class Running {
 public:
  explicit Running(ByFunction::Function function = echo, const HttpServerLimits& limits = {})
      : handler(std::move(function)), server(make_http_server(0, limits).value()) {
    thread_ = std::thread([this] { ended_well = server->run(handler).has_value(); });
  }

  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  ~Running() { stop(); }

  void stop() {
    server->stop();
    join();
  }

  void join() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  [[nodiscard]] std::uint16_t port() const { return server->port(); }

  ByFunction handler;
  std::unique_ptr<HttpServer> server;
  std::atomic<bool> ended_well{false};

 private:
  std::thread thread_;
};

std::string get(std::string_view path, std::string_view more = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n", path, more);
}

std::string chunked(std::string_view chunks) {
  return fmt::format("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunks);
}

constexpr std::string_view close_after = "Connection: close\r\n";

HttpServerLimits small_limits() {
  HttpServerLimits limits;
  limits.connections = 8;
  limits.head_bytes = 2048;
  limits.body_bytes = 10000;
  limits.request_deadline = milliseconds(300);
  limits.idle_deadline = milliseconds(600);
  return limits;
}

}  // namespace

TEST_SUITE_BEGIN("core/listen");

TEST_CASE("http server: a request is answered with length, date and connection") {
  Running server;
  const std::string answer = ask_raw(server.port(), get("/a?b=%20c", close_after));
  CHECK(status_of(answer) == 200);
  CHECK(body_of(answer) == "GET /a?b=%20c []");
  CHECK(header_of(answer, "content-length") == "16");
  CHECK(header_of(answer, "Connection") == "close");
  CHECK(header_of(answer, "Date").value_or("").size() == 29);
}

TEST_CASE("http server: a connection serves one request after the other") {
  Running server;
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(client.send(get(fmt::format("/{}", i))));
    const std::string answer = client.answer();
    CHECK(body_of(answer) == fmt::format("GET /{} []", i));
    CHECK(header_of(answer, "Connection") == "keep-alive");
  }
}

TEST_CASE("http server: requests sent together are answered in their order") {
  Running server;
  std::string many;
  for (int i = 0; i < 40; ++i) {
    many += get(fmt::format("/{}", i), i == 39 ? close_after : "");
  }
  RawClient client(server.port());
  REQUIRE(client.send(many));
  for (int i = 0; i < 40; ++i) {
    CHECK(body_of(client.answer()) == fmt::format("GET /{} []", i));
  }
  CHECK(client.closed());
}

TEST_CASE("http server: HTTP/1.0 is answered and the connection closed") {
  Running server;
  const std::string answer = ask_raw(server.port(), "GET /old HTTP/1.0\r\n\r\n");
  CHECK(body_of(answer) == "GET /old []");
  CHECK(header_of(answer, "Connection") == "close");
}

TEST_CASE("http server: a body arrives whole, however it is cut") {
  Running server;
  RawClient client(server.port());
  for (const char c :
       std::string("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")) {
    REQUIRE(client.send({&c, 1}));
  }
  CHECK(body_of(client.answer()) == "POST /p [hello]");
}

TEST_CASE("http server: a chunked body is put together, extensions and trailer dropped") {
  Running server;
  RawClient client(server.port());
  REQUIRE(
      client.send(chunked("5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\n") + get("/next")));
  CHECK(body_of(client.answer()) == "POST /c [hello world]");
  CHECK(body_of(client.answer()) == "GET /next []");
}

TEST_CASE("http server: a target in absolute form becomes the origin form with its host") {
  Running server([](const ServerRequest& request) {
    ServerResponse response;
    response.body = fmt::format("{} {}", request.target, request.headers.find("Host").value_or(""));
    return response;
  });
  const std::string answer = ask_raw(
      server.port(),
      "GET http://site.example:8080/x?y HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n");
  CHECK(body_of(answer) == "/x?y site.example:8080");
}

TEST_CASE("http server: HEAD gets the head alone and the connection goes on") {
  Running server;
  RawClient client(server.port());
  REQUIRE(client.send("HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n"));
  const std::string head = client.answer(true);
  CHECK(header_of(head, "Content-Length") == "10");
  REQUIRE(client.send(get("/after")));
  CHECK(body_of(client.answer()) == "GET /after []");
}

TEST_CASE("http server: 204 has neither body nor length") {
  Running server([](const ServerRequest&) {
    ServerResponse response;
    response.status = 204;
    response.body = "dropped";
    return response;
  });
  const std::string answer = ask_raw(server.port(), get("/", close_after));
  CHECK(status_of(answer) == 204);
  CHECK_FALSE(header_of(answer, "Content-Length").has_value());
  CHECK(body_of(answer).empty());
}

TEST_CASE("http server: who waits for 100 (Continue) gets it, and only then") {
  Running server;
  RawClient client(server.port());
  const std::string head =
      "POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  REQUIRE(client.send(head));
  CHECK(status_of(client.answer()) == 100);
  REQUIRE(client.send("ok"));
  CHECK(body_of(client.answer()) == "POST /e [ok]");
  REQUIRE(client.send(head + "ok"));
  CHECK(body_of(client.answer()) == "POST /e [ok]");
}

TEST_CASE("http server: what is malformed is refused and reaches no handler") {
  const std::pair<std::string, int> rows[] = {
      {"\x16\x03\x01\x02\x01\x01", 400},
      {"GET / HTTP/1.1\nHost: h\n\n", 400},
      {"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a<b>\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
      {"GET / FTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET nowhere HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n folded\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n", 417},
      {chunked("x\r\n"), 400},
      {chunked("\r\n"), 400},
      {chunked("1\r\nab\r\n"), 400},
      {chunked("5\nhello\r\n0\r\n\r\n"), 400},
      {chunked("10000000000000000\r\n"), 400},
  };
  Running server;
  for (const auto& row : rows) {
    const auto& [request, status] = row;
    CAPTURE(row.first);
    const std::string answer = ask_raw(server.port(), request);
    CHECK(status_of(answer) == status);
    CHECK(header_of(answer, "Connection") == "close");
  }
  CHECK(server.handler.asked == 0);
}

TEST_CASE("http server: a refusal repeats nothing of the request") {
  Running server;
  const std::string answer =
      ask_raw(server.port(), "GET <script>alert(1)</script> HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(status_of(answer) == 400);
  CHECK(answer.find("script") == std::string::npos);
}

TEST_CASE("http server: too long a head, with or without an end, is refused with 431") {
  Running server(echo, small_limits());
  CHECK(status_of(ask_raw(server.port(), get("/" + std::string(3000, 'a')))) == 431);
  CHECK(status_of(ask_raw(server.port(), "GET /" + std::string(3000, 'a'))) == 431);
  CHECK(status_of(ask_raw(server.port(), get("/" + std::string(1000, 'a'), close_after))) == 200);
}

TEST_CASE("http server: too long a body is refused with 413, before it is asked for") {
  Running server(echo, small_limits());
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n";
  for (const char* length : {"10001", "99999999999999999999999"}) {
    CHECK(status_of(ask_raw(server.port(),
                            fmt::format("{}Content-Length: {}\r\n\r\n", head, length))) == 413);
  }
  CHECK(status_of(ask_raw(server.port(), chunked("2711\r\n"))) == 413);
  CHECK(status_of(ask_raw(server.port(),
                          chunked("2710\r\n" + std::string(10000, 'x') + "\r\n1\r\n"))) == 413);
  CHECK(server.handler.asked == 0);
}

TEST_CASE("http server: a refusal reaches a client that keeps sending") {
  Running server(echo, small_limits());
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
  client.send(std::string(3000000, 'x'));
  CHECK(status_of(client.rest()) == 413);
}

TEST_CASE("http server: a request that drips in is cut off at its deadline, bytes or not") {
  Running server(echo, small_limits());
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
  std::atomic<bool> stop{false};
  std::thread dripping([&] {
    while (!stop && client.send("x")) {
      std::this_thread::sleep_for(milliseconds(20));
    }
  });
  const std::string answer = client.answer();
  stop = true;
  dripping.join();
  CHECK(status_of(answer) == 408);
  CHECK(server.handler.asked == 0);
}

TEST_CASE("http server: a silent visitor is closed without a word") {
  Running server(echo, small_limits());
  RawClient client(server.port());
  CHECK(client.rest().empty());
  CHECK(client.closed());
}

TEST_CASE("http server: silent and dripping visitors beyond all bounds starve nobody") {
  HttpServerLimits limits;
  limits.connections = 32;
  Running server(echo, limits);
  std::vector<RawClient> visitors;
  for (int i = 0; i < 300; ++i) {
    visitors.emplace_back(server.port());
    REQUIRE(visitors.back().connected());
    visitors.back().send(i % 2 == 0 ? "" : "GET / HTTP/1.1\r\nHo");
    if (i % 50 == 49) {
      CHECK(status_of(ask_raw(server.port(), get("/", close_after))) == 200);
    }
  }
  CHECK(visitors.front().closed());
  CHECK(server.handler.asked == 6);
}

TEST_CASE("http server: visitors that do not read their answers make room for newcomers") {
  HttpServerLimits limits;
  limits.connections = 4;
  Running server(
      [](const ServerRequest& request) {
        ServerResponse response;
        response.body = std::string(request.target == "/big" ? 32U << 20 : 2U, 'x');
        return response;
      },
      limits);
  std::vector<RawClient> deaf;
  for (int i = 0; i < 8; ++i) {
    deaf.emplace_back(server.port());
    deaf.back().send(get("/big"));
  }
  CHECK(body_of(ask_raw(server.port(), get("/", close_after))) == "xx");
}

TEST_CASE("http server: memory for bodies is bounded over all visitors together") {
  HttpServerLimits limits;
  limits.body_bytes = 100000;
  limits.head_bytes = 1000;
  Running server(echo, limits);
  std::vector<RawClient> visitors;
  for (int i = 0; i < 4; ++i) {
    visitors.emplace_back(server.port());
    visitors.back().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
    visitors.back().send(std::string(90000, 'x'));
  }
  int refused = 0;
  for (RawClient& visitor : visitors) {
    visitor.send(std::string(10000, 'x'));
    refused += status_of(visitor.answer()) == 503 ? 1 : 0;
  }
  CHECK(refused > 0);
  CHECK(refused < 4);
}

TEST_CASE("http server: an answer that waits or drips does not hold up others") {
  Running server([](const ServerRequest& request) {
    ServerResponse response;
    response.body = "0123456789";
    if (request.target == "/slow") {
      response.delay = milliseconds(400);
    } else if (request.target == "/drip") {
      response.drip_bytes = 1;
      response.drip_pause = milliseconds(40);
    }
    return response;
  });
  RawClient slow(server.port());
  RawClient drip(server.port());
  REQUIRE(slow.send(get("/slow")));
  REQUIRE(drip.send(get("/drip")));
  std::atomic<int> order{0};
  std::atomic<int> slow_came{0};
  std::atomic<int> drip_came{0};
  std::thread first([&] {
    CHECK(body_of(slow.answer()) == "0123456789");
    slow_came = ++order;
  });
  std::thread second([&] {
    CHECK(body_of(drip.answer()) == "0123456789");
    drip_came = ++order;
  });
  CHECK(body_of(ask_raw(server.port(), get("/", close_after))) == "0123456789");
  CHECK(++order == 1);
  first.join();
  second.join();
  CHECK(slow_came + drip_came == 5);
}

TEST_CASE("http server: a length can be a lie and a body cut, and then the connection closes") {
  Running server([](const ServerRequest& request) {
    ServerResponse response;
    response.body = "0123456789";
    if (request.target == "/lie") {
      response.claimed_length = 100;
    } else {
      response.cut_after = 4;
    }
    return response;
  });
  const std::string lie = ask_raw(server.port(), get("/lie"));
  CHECK(header_of(lie, "Content-Length") == "100");
  CHECK(body_of(lie) == "0123456789");
  const std::string cut = ask_raw(server.port(), get("/cut"));
  CHECK(header_of(cut, "Content-Length") == "10");
  CHECK(body_of(cut) == "0123");
}

TEST_CASE("http server: a header that would split the answer makes it a 500") {
  Running server([](const ServerRequest&) {
    ServerResponse response;
    response.headers.add("Location", "/x\r\nSet-Cookie: evil=1");
    return response;
  });
  const std::string answer = ask_raw(server.port(), get("/", close_after));
  CHECK(status_of(answer) == 500);
  CHECK(answer.find("evil") == std::string::npos);
}

TEST_CASE("http server: what the handler says about framing is not sent twice") {
  Running server([](const ServerRequest&) {
    ServerResponse response;
    response.headers = {{"content-length", "99"}, {"Transfer-Encoding", "chunked"}};
    response.body = "ok";
    return response;
  });
  const std::string answer = ask_raw(server.port(), get("/", close_after));
  CHECK(header_of(answer, "Content-Length") == "2");
  CHECK_FALSE(header_of(answer, "Transfer-Encoding").has_value());
  CHECK(answer.find("99") == std::string::npos);
}

TEST_CASE("http server: a handler that throws is a 500 and the server goes on") {
  Running server([](const ServerRequest& request) -> ServerResponse {
    if (request.target == "/throw") {
      throw std::bad_alloc();
    }
    return echo(request);
  });
  CHECK(status_of(ask_raw(server.port(), get("/throw", close_after))) == 500);
  CHECK(status_of(ask_raw(server.port(), get("/", close_after))) == 200);
}

TEST_CASE("http server: when the handler is done the last answer is sent whole first") {
  const std::string large(std::size_t{8} << 20, 'z');
  Running server([&](const ServerRequest&) {
    ServerResponse response;
    response.body = large;
    return response;
  });
  RawClient client(server.port());
  RawClient silent(server.port());
  server.handler.finished = false;
  REQUIRE(client.send(get("/")));
  while (server.handler.asked == 0) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  server.handler.finished = true;
  std::this_thread::sleep_for(milliseconds(100));
  const std::string body = body_of(client.answer());
  CHECK(body.size() == large.size());
  CHECK((body == large));
  server.join();
  CHECK(server.ended_well);
  CHECK(silent.closed());
}

TEST_CASE("http server: stop ends run, also when it came first, and run can be called again") {
  Running server;
  RawClient idle(server.port());
  REQUIRE(idle.send(get("/")));
  REQUIRE(status_of(idle.answer()) == 200);
  server.stop();
  CHECK(server.ended_well);
  CHECK(idle.closed());
  server.server->stop();
  ByFunction handler(echo);
  CHECK(server.server->run(handler).has_value());
  handler.finished = true;
  CHECK(server.server->run(handler).has_value());
}

TEST_CASE("http server: a port in use fails with its number and what to do") {
  Running server;
  const auto second = make_http_server(server.port());
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == ErrorCode::listen_failed);
  CHECK(second.error().message.find(std::to_string(server.port())) != std::string::npos);
  CHECK(second.error().message.find("Exception") == std::string::npos);
  CHECK_FALSE(second.error().next.empty());
}

TEST_CASE("http server: a port is free again as soon as its server is gone") {
  auto first = std::make_unique<Running>();
  const std::uint16_t port = first->port();
  REQUIRE(status_of(ask_raw(port, get("/", close_after))) == 200);
  first.reset();
  CHECK(make_http_server(port).has_value());
}

TEST_SUITE_END();
