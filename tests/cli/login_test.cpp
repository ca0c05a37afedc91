// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "atlink/text.h"
#include "tests/cli/program.h"
#include "tests/support/raw_client.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <thread>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* base = "https://acme.example/tools";
constexpr const char* asked = "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true";

std::string oauth_parameter(const tests::SentRequest& request, std::string_view name) {
  const auto fields = oauth1::parse_authorization(request.header("Authorization"));
  REQUIRE(fields.has_value());
  return std::string(form_value(*fields, name).value_or("(none)"));
}

// The person's browser: goes to the callback of the sign-in with these fields.
class Visitor {
 public:
  Visitor(Program& program, std::string fields) : program_(program), fields_(std::move(fields)) {}

  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  ~Visitor() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  Status operator()() {
    const auto callback =
        Url::parse(oauth_parameter(program_.world.transport.sent.back(), "oauth_callback"));
    REQUIRE(callback.has_value());
    const std::string request =
        fmt::format("GET {}?{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                    callback->target(),
                    fields_,
                    callback->port());
    thread_ = std::thread(
        [this, port = callback->port(), request] { page = tests::ask_raw(port, request); });
    return {};
  }

  void wait() { thread_.join(); }

  std::string page;

 private:
  Program& program_;
  std::string fields_;
  std::thread thread_;
};

bool signed_in(Program& program) {
  return program.run({"status", "--offline"}) == 0;
}

}  // namespace

TEST_CASE("login: in two steps, the address alone on standard output") {
  Program program;
  program.make_profile();
  program.expect_sign_in();
  CHECK(program.run({"login", "--begin"}) == 0);
  CHECK(program.out == "https://acme.example/tools/oauth/authorize?oauth_token=rt\n");
  CHECK(holds(program.err, "--verifier"));
  CHECK(oauth_parameter(program.world.transport.sent[0], "oauth_callback") == "oob");
  CHECK_FALSE(signed_in(program));
  CHECK(program.run({"login", "--verifier", " v1 "}) == 0);
  CHECK(holds(program.err, "signed in as alice at https://acme.example/tools"));
  CHECK(oauth_parameter(program.world.transport.sent[1], "oauth_verifier") == "v1");
  CHECK(oauth_parameter(program.world.transport.sent[1], "oauth_token") == "rt");
  CHECK(oauth_parameter(program.world.transport.sent[2], "oauth_token") == "at");
  CHECK(signed_in(program));
  CHECK(program.run({"login", "--verifier", "v1"}) == 4);
}

TEST_CASE("login: the address at which the browser ended does instead of the code") {
  Program program;
  program.make_profile();
  program.expect_sign_in();
  REQUIRE(program.run({"login", "--begin"}) == 0);
  CHECK(program.run({"login", "--verifier", "http://x/cb?oauth_token=no&oauth_verifier=v"}) == 4);
  CHECK(holds(program.err, "another sign-in"));
  for (const char* cut : {"http://x/cb?oauth_token=rt", "http://x/cb", "oauth_token=rt"}) {
    CHECK(program.run({"login", "--verifier", cut}) == 4);
    CHECK(holds(program.err, "holds no verifier"));
  }
  CHECK(program.run({"login", "--verifier", "http://x/cb?oauth_token=rt&oauth_verifier=a%2Bb"}) ==
        0);
  CHECK(oauth_parameter(program.world.transport.sent[1], "oauth_verifier") == "a+b");
}

TEST_CASE("login: through the browser of this machine") {
  Program program;
  program.make_profile();
  program.expect_sign_in();
  Visitor visitor(program, "oauth_token=rt&oauth_verifier=v9");
  program.browser.on_open = [&visitor](const Url& url) {
    CHECK(url.str() == "https://acme.example/tools/oauth/authorize?oauth_token=rt");
    return visitor();
  };
  CHECK(program.run({"login"}) == 0);
  visitor.wait();
  CHECK(holds(visitor.page, "You are signed in"));
  CHECK(oauth_parameter(program.world.transport.sent[1], "oauth_verifier") == "v9");
  CHECK(holds(program.err, "signed in as alice"));
  CHECK(signed_in(program));
}

TEST_CASE("login: consent denied on the page is told apart, and nothing more is sent") {
  Program program;
  program.make_profile();
  program.world.transport.expect("POST", std::string(base) + "/oauth/request")
      .answers(200, {}, asked);
  Visitor visitor(program, "oauth_token=rt&oauth_verifier=denied");
  program.browser.on_open = [&visitor](const Url&) { return visitor(); };
  CHECK(text_at(program.run_json({"login"}, 5), "/code") == "login.denied");
  visitor.wait();
  CHECK(holds(visitor.page, "Access was denied"));
}

TEST_CASE("login: a mistyped code can be given again") {
  Program program;
  program.make_profile();
  auto& transport = program.world.transport;
  transport.expect("POST", std::string(base) + "/oauth/request").answers(200, {}, asked);
  REQUIRE(program.run({"login", "--begin"}) == 0);
  transport.expect("POST", std::string(base) + "/oauth/access")
      .answers(401, {}, "oauth_problem=token_rejected");
  CHECK(program.run({"login", "--verifier", "tpyo"}) == 4);
  CHECK(holds(program.err, "--verifier CODE"));
  transport.expect("POST", std::string(base) + "/oauth/access")
      .answers(401, {}, "oauth_problem=token_used");
  CHECK(program.run({"login", "--verifier", "typo"}) == 4);
  CHECK(oauth_parameter(transport.sent.back(), "oauth_verifier") == "typo");
  CHECK(program.run({"login", "--verifier", "typo"}) == 4);
  CHECK(holds(program.err, "no sign-in to finish"));
}

TEST_CASE("login: an answer that belongs to another sign-in changes nothing") {
  Program program;
  program.make_profile();
  program.world.transport.expect("POST", std::string(base) + "/oauth/request")
      .answers(200, {}, asked);
  Visitor visitor(program, "oauth_token=other&oauth_verifier=v");
  program.browser.on_open = [&visitor](const Url&) { return visitor(); };
  CHECK(text_at(program.run_json({"login", "--timeout", "1"}, 4), "/code") == "login.expired");
  visitor.wait();
  CHECK(holds(visitor.page, "This belongs to another sign-in"));
  CHECK_FALSE(signed_in(program));
}

TEST_CASE("login: a problem that comes back with the browser is named") {
  Program program;
  program.make_profile();
  program.world.transport.expect("POST", std::string(base) + "/oauth/request")
      .answers(200, {}, asked);
  Visitor visitor(program, "oauth_problem=permission_denied");
  program.browser.on_open = [&visitor](const Url&) { return visitor(); };
  CHECK(program.run({"login"}) == 5);
}

TEST_CASE("login: without a browser the address is printed, and as JSON in an object of its own") {
  Program program;
  program.make_profile();
  for (const bool as_json : {false, true}) {
    program.expect_sign_in();
    Visitor visitor(program, "oauth_token=rt&oauth_verifier=v");
    program.surroundings.on_work = nullptr;
    program.browser.on_open = nullptr;
    program.on_error_text = [&](std::string_view text) {
      if (holds(text, "/oauth/authorize")) {
        CHECK(visitor().has_value());
      }
    };
    std::vector<std::string> line{"login", "--no-browser"};
    if (as_json) {
      line.insert(line.end(), {"--output", "json"});
    }
    CHECK(program.run(line) == 0);
    CHECK(holds(program.err,
                as_json
                    ? "{\"url\":\"https://acme.example/tools/oauth/authorize?oauth_token=rt\"}\n"
                    : "\nhttps://acme.example/tools/oauth/authorize?oauth_token=rt\n"));
  }
}

TEST_CASE("login: a browser that does not start is no end of the sign-in") {
  Program program;
  program.make_profile();
  program.expect_sign_in();
  Visitor visitor(program, "oauth_token=rt&oauth_verifier=v");
  program.browser.on_open = [&visitor](const Url&) -> Status {
    CHECK(visitor().has_value());
    return fail(ErrorCode::no_browser, "there is no desktop");
  };
  CHECK(program.run({"login"}) == 0);
  CHECK(holds(program.err, "there is no desktop"));
  CHECK(holds(program.err, "/oauth/authorize?oauth_token=rt"));
}

TEST_CASE("login: a wait that ends without an answer can still be finished with the code") {
  Program program;
  program.make_profile();
  program.expect_sign_in();
  program.browser.on_open = [](const Url&) { return Status(); };
  CHECK(program.run({"login", "--timeout", "1"}) == 4);
  CHECK(program.run({"login", "--verifier", "v"}) == 0);
  CHECK(signed_in(program));
}

TEST_CASE("login: a wait that was interrupted goes on at the same place") {
  Program program;
  program.make_profile();
  program.expect_sign_in();
  program.browser.on_open = [](const Url&) { return Status(); };
  CHECK(program.run({"login", "--timeout", "1"}) == 4);
  CHECK(holds(program.err, "atlink login --resume --profile work"));
  Visitor visitor(program, "oauth_token=rt&oauth_verifier=v2");
  program.on_error_text = [&](std::string_view text) {
    if (holds(text, "/oauth/authorize")) {
      CHECK(visitor().has_value());
    }
  };
  CHECK(program.run({"login", "--resume"}) == 0);
  CHECK(holds(program.err, "is pending until 2026-01-31T09:40:00Z"));
  CHECK(oauth_parameter(program.world.transport.sent[1], "oauth_verifier") == "v2");
  CHECK(signed_in(program));
}

TEST_CASE("login: what was begun without a callback goes on with the code") {
  Program program;
  program.make_profile();
  program.expect_sign_in();
  REQUIRE(program.run({"login", "--begin"}) == 0);
  CHECK(program.run({"login", "--resume", "--no-input", "--output", "json"}) == 2);
  CHECK(holds(program.err,
              "{\"url\":\"https://acme.example/tools/oauth/authorize?oauth_token=rt\"}"));
  CHECK(holds(program.err, "\"no_terminal\""));
  program.world.terminal.answers = {"http://x/?oauth_token=rt&oauth_verifier=v3"};
  CHECK(program.run({"login", "--resume"}) == 0);
  CHECK(oauth_parameter(program.world.transport.sent[1], "oauth_verifier") == "v3");
}

TEST_CASE("login: there is nothing to go on with, or no longer") {
  Program program;
  program.make_profile();
  CHECK(text_at(program.run_json({"login", "--resume"}, 4), "/code") == "login.not_begun");
  program.world.transport.expect("POST", std::string(base) + "/oauth/request")
      .answers(200, {}, asked);
  REQUIRE(program.run({"login", "--begin"}) == 0);
  program.world.clock.pass(std::chrono::seconds(601));
  const json::Value error = program.run_json({"login", "--resume"}, 4);
  CHECK(text_at(error, "/code") == "login.expired");
  CHECK(holds(text_at(error, "/message"), "begun at 2026-01-31T09:30:00Z"));
  CHECK(text_at(program.run_json({"login", "--resume"}, 4), "/code") == "login.not_begun");
}

TEST_CASE("login: a second sign-in that fails leaves the credential that works") {
  Program program;
  program.make_profile();
  program.sign_in();
  auto& site = program.world.transport;
  SUBCASE("the token is refused at its first use") {
    site.expect("POST", std::string(base) + "/oauth/request").answers(200, {}, asked);
    site.expect("POST", std::string(base) + "/oauth/access")
        .answers(200, {}, "oauth_token=new&oauth_token_secret=s");
    site.expect("GET", std::string(base) + "/rest/me").answers(200, {}, R"({"name":"anonymous"})");
    REQUIRE(program.run({"login", "--begin"}) == 0);
    CHECK(program.run({"login", "--verifier", "v"}) == 4);
  }
  SUBCASE("the exchange fails") {
    site.expect("POST", std::string(base) + "/oauth/request").answers(200, {}, asked);
    site.expect("POST", std::string(base) + "/oauth/access")
        .answers(401, {{"WWW-Authenticate", "OAuth oauth_problem=\"token_expired\""}});
    REQUIRE(program.run({"login", "--begin"}) == 0);
    CHECK(program.run({"login", "--verifier", "v"}) == 4);
    CHECK(program.run({"login", "--verifier", "v"}) == 4);
    CHECK(holds(program.err, "no sign-in to finish"));
  }
  SUBCASE("it is denied") {
    site.expect("POST", std::string(base) + "/oauth/request").answers(200, {}, asked);
    REQUIRE(program.run({"login", "--begin"}) == 0);
    CHECK(program.run({"login", "--verifier", "denied"}) == 5);
  }
  site.expect("GET", std::string(base) + "/rest/me").answers(200, {}, R"({"name":"alice"})");
  CHECK(program.run({"status"}) == 0);
  CHECK(oauth_parameter(site.sent.back(), "oauth_token") == "at");
}

TEST_CASE("login: a credential is kept although the server cannot be asked who it is") {
  Program program;
  program.make_profile();
  auto& site = program.world.transport;
  site.expect("POST", std::string(base) + "/oauth/request").answers(200, {}, asked);
  site.expect("POST", std::string(base) + "/oauth/access")
      .answers(200, {}, "oauth_token=at&oauth_token_secret=s");
  for (int attempt = 0; attempt < 3; ++attempt) {
    site.expect("GET", std::string(base) + "/rest/me").fails(ErrorCode::network_refused);
  }
  REQUIRE(program.run({"login", "--begin"}) == 0);
  CHECK(program.run({"login", "--verifier", "v"}) == 0);
  CHECK(holds(program.err, "warning: the server did not say who is signed in"));
  CHECK(signed_in(program));
}

TEST_CASE("login: nothing is sent where the answer could not be kept") {
  Program program;
  program.make_profile();
  program.files.put("/home/me/.local/state/atlink/credentials", "a file, no folder");
  CHECK(program.run({"login", "--begin"}) == 3);
  CHECK(program.world.transport.sent.empty());
}

TEST_CASE("login: a credential from the environment is not masked by a new one") {
  Program program;
  program.make_profile();
  program.world.environment.variables["ATLINK_OAUTH_TOKEN"] = "t";
  program.world.environment.variables["ATLINK_OAUTH_TOKEN_SECRET"] = "s";
  CHECK(text_at(program.run_json({"login", "--begin"}, 3), "/code") == "credential.read_only");
}

TEST_CASE("login: a two-legged profile needs none") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--two-legged"}) == 0);
  CHECK(program.run({"login"}) == 0);
  CHECK(holds(program.err, "needs no login"));
  const json::Value object = program.run_json({"login"});
  CHECK(text_at(object, "/profile") == "work");
  CHECK(text_at(object, "/base_url") == base);
  CHECK(object.find("user")->is_null());
  CHECK(object.find("expires_at")->is_null());
}

TEST_CASE("login: an interruption while it waits ends it with the signal's number") {
  Program program;
  program.make_profile();
  program.world.transport.expect("POST", std::string(base) + "/oauth/request")
      .answers(200, {}, asked);
  program.browser.on_open = [](const Url&) { return Status(fail(ErrorCode::no_browser, "none")); };
  program.surroundings.outcome = fail(make_error(ErrorCode::cancelled, "x").with("signal", "15"));
  CHECK(program.run({"login", "--timeout", "1"}) == 143);
}

TEST_CASE("login: the two steps exclude each other, and numbers are checked first") {
  Program program;
  CHECK(program.run({"login", "--begin", "--verifier", "v"}) == 2);
  CHECK(program.run({"login", "--begin", "--resume"}) == 2);
  CHECK(program.run({"login", "--resume", "--verifier", "v"}) == 2);
  CHECK(program.run({"login", "--resume", "--port", "8080"}) == 2);
  program.make_profile();
  CHECK(program.run({"login", "--timeout", "0"}) == 2);
  CHECK(program.run({"login", "--port", "65536"}) == 2);
}

TEST_SUITE_END();
