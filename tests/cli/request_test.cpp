// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::SentRequest;
using tests::text_at;

namespace {

constexpr const char* base = "https://acme.example/tools";

// Somebody signed in, and a site that answers one request.
class Signed : public Program {
 public:
  Signed() {
    make_profile();
    sign_in();
    world.transport.sent.clear();
  }

  tests::PlannedExchange& expect(const char* method, const std::string& path) {
    return world.transport.expect(method, base + path);
  }

  // Sends what the line says and gives what arrived.
  SentRequest arrived(std::vector<std::string> line, const char* method, const std::string& path) {
    expect(method, path).answers(200, {}, "ok");
    line.insert(line.begin(), "request");
    CHECK_MESSAGE(run(line) == 0, err);
    CHECK(out == "ok");
    REQUIRE(world.transport.sent.size() == 1);
    SentRequest request = world.transport.sent.front();
    world.transport.sent.clear();
    return request;
  }
};

}  // namespace

TEST_CASE("request: a path below the base URL, encoded already, is sent as it is") {
  Signed program;
  CHECK(
      holds(program.arrived({"GET", "/a%2Fb?x=%20"}, "GET", "/a%2Fb?x=%20").header("Authorization"),
            "oauth_token=\"at\""));
  program.arrived({"GET", "a"}, "GET", "/a");
  program.arrived({"DELETE", "https://acme.example/tools/a"}, "DELETE", "/a");
}

TEST_CASE("request: --query takes raw text, as often as it comes") {
  Signed program;
  program.arrived(
      {"--query", "q=a b+c", "GET", "--query", "e=", "/s?z=1", "--query", "q=\xc3\xa4&="},
      "GET",
      "/s?z=1&q=a%20b%2Bc&e=&q=%C3%A4%26%3D");
}

TEST_CASE("request: --form is sent as a form that is part of the signature") {
  Signed program;
  const SentRequest sent =
      program.arrived({"POST", "/f", "--form", "a=1 2", "--form", "a="}, "POST", "/f");
  CHECK(sent.body == "a=1%202&a=");
  CHECK(holds(sent.header("Content-Type"), "application/x-www-form-urlencoded"));
}

TEST_CASE("request: --data is JSON unless a header says otherwise") {
  Signed program;
  SentRequest sent = program.arrived({"POST", "/d", "--data", "{\"a\":[1]}"}, "POST", "/d");
  CHECK(sent.body == "{\"a\":[1]}");
  CHECK(sent.header("Content-Type") == "application/json");
  sent = program.arrived(
      {"PUT", "/d", "--data", "x", "--header", "content-type: text/plain"}, "PUT", "/d");
  CHECK(sent.headers.all("Content-Type") == std::vector<std::string_view>{"text/plain"});
  sent = program.arrived({"POST", "/d", "--data", ""}, "POST", "/d");
  CHECK(sent.body == "");
}

TEST_CASE("request: --data reads a file or standard input") {
  Signed program;
  program.files.put("/desk/in.bin", std::string("\0\xff\n", 3));
  CHECK(program.arrived({"POST", "/d", "--data", "@in.bin"}, "POST", "/d").body ==
        std::string("\0\xff\n", 3));
  program.put_descriptor(0, "from a pipe");
  CHECK(program.arrived({"POST", "/d", "--data", "-"}, "POST", "/d").body == "from a pipe");
}

TEST_CASE("request: a missing file is noticed before anything is sent") {
  Signed program;
  CHECK(program.run({"request", "POST", "/d", "--data", "@none"}) == 3);
  CHECK(holds(program.err, "none"));
  CHECK(program.world.transport.sent.empty());
}

TEST_CASE("request: a file is sent again where repeating is safe, standard input is not") {
  Signed program;
  program.files.put("/desk/in", "body");
  program.expect("PUT", "/d").fails(ErrorCode::network_lost);
  program.expect("PUT", "/d").answers(200);
  CHECK(program.run({"request", "PUT", "/d", "--data", "@in"}) == 0);
  CHECK(program.world.transport.sent.size() == 2);
  CHECK(program.world.transport.sent[1].body == "body");
  program.put_descriptor(0, "body");
  program.expect("PUT", "/d").fails(ErrorCode::network_lost);
  CHECK(program.run({"request", "PUT", "/d", "--data", "-"}) == 9);
}

TEST_CASE("request: headers are sent as given, but not those that belong to the signature") {
  Signed program;
  const SentRequest sent = program.arrived(
      {"GET", "/h", "--header", "X-One:  1 ", "--header", "X-Empty:", "--header", "X-Colon: a:b"},
      "GET",
      "/h");
  CHECK(sent.header("X-One") == "1");
  CHECK(sent.headers.find("X-Empty") == "");
  CHECK(sent.header("X-Colon") == "a:b");
  for (const char* header : {"Authorization: x",
                             "host: x",
                             "Content-Length: 1",
                             "no colon",
                             "Bad Name: x",
                             "X: a\r\nY: b"}) {
    CAPTURE(std::string(header));
    CHECK(program.run({"request", "GET", "/h", "--header", header}) == 2);
  }
}

TEST_CASE("request: two bodies, a bad method and a bad pair are refused") {
  Signed program;
  CHECK(program.run({"request", "POST", "/x", "--form", "a=b", "--data", "c"}) == 2);
  CHECK(program.run({"request", "POST", "/x", "--form", "a=b", "--header", "Content-Type: x/y"}) ==
        2);
  CHECK(program.run({"request",
                     "POST",
                     "/x",
                     "--data",
                     "c",
                     "--header",
                     "Content-Type: a/b",
                     "--header",
                     "content-type: application/x-www-form-urlencoded"}) == 2);
  CHECK(holds(program.err, "more than one Content-Type"));
  CHECK(program.run({"request", "POST", "/x", "--data", "@"}) == 2);
  CHECK(program.run({"request", "get", "/x"}) == 2);
  CHECK(program.run({"request", "G T", "/x"}) == 2);
  CHECK(program.run({"request", "GET", "/x", "--query", "a"}) == 2);
  CHECK(program.run({"request", "GET", "https://other.example/x"}) == 2);
  CHECK(program.run({"request", "GET", "/tools/x"}) == 2);
  CHECK(holds(program.err, "context path"));
  CHECK(program.world.transport.sent.empty());
}

TEST_CASE("request: the body is printed byte for byte, --include puts the head before it") {
  Signed program;
  const std::string body("\0\x1b[31m\xff\r\n", 9);
  program.expect("GET", "/b").answers(200, {{"X-A", "v\x07"}, {"Content-Type", "a/b"}}, body);
  CHECK(program.run({"request", "GET", "/b"}) == 0);
  CHECK(program.out == body);
  program.expect("GET", "/b").answers(200, {{"X-A", "v\x07"}, {"Content-Type", "a/b"}}, body);
  CHECK(program.run({"request", "--include", "GET", "/b"}) == 0);
  CHECK(holds(program.out, "HTTP 200\nX-A: v"));
  CHECK(holds(program.out, "Content-Type: a/b\n\n" + body));
  CHECK_FALSE(holds(program.out, "\x07"));
}

TEST_CASE("request: an error's body goes to standard output, its meaning into the exit code") {
  Signed program;
  const std::vector<std::pair<int, int>> meanings{
      {400, 7}, {403, 5}, {404, 6}, {409, 7}, {500, 10}};
  for (const auto& [status, code] : meanings) {
    const auto shown = status;  // clang 14 captures no binding
    CAPTURE(shown);
    program.expect("POST", "/e").answers(status, {}, R"({"messages":["because"]})");
    CHECK(program.run({"request", "POST", "/e"}) == code);
    CHECK(program.out == R"({"messages":["because"]})");
    CHECK(holds(program.err, "because"));
  }
  program.expect("POST", "/e").answers(404, {}, "x");
  CHECK(text_at(program.run_json({"request", "POST", "/e"}, 6), "/code") == "answer.not_found");
}

TEST_CASE("request: an answer that is cut short keeps what came and ends with 11") {
  Signed program;
  program.expect("POST", "/t").answers(200, {}, "half").fails(ErrorCode::answer_truncated);
  CHECK(program.run({"request", "POST", "/t"}) == 11);
  CHECK(program.out == "half");
}

TEST_CASE("request: a reader that goes away ends it with 141 and no word") {
  Signed program;
  program.expect("GET", "/b").answers(200, {}, "x");
  program.out_closed = true;
  CHECK(program.run({"request", "GET", "/b"}) == 141);
  CHECK(program.err.empty());
}

TEST_CASE("request: without a sign-in nothing is sent") {
  Program program;
  program.make_profile();
  CHECK(program.run({"request", "GET", "/x"}) == 4);
  CHECK(holds(program.err, "atlink login"));
}

TEST_CASE("request: two-legged sends the empty token") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--two-legged"}) == 0);
  program.world.transport.expect("GET", std::string(base) + "/x").answers(200);
  CHECK(program.run({"request", "GET", "/x"}) == 0);
  CHECK(holds(program.world.transport.sent[0].header("Authorization"), "oauth_token=\"\""));
}

TEST_SUITE_END();
