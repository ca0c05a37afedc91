// SPDX-License-Identifier: Apache-2.0
// Signing in by other ways than OAuth 1.0a.
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr const char* me = "https://shop.example/rest/me";

struct Shop : Program {
  Shop() { put_shop(); }

  void set(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{
        "profile", "set", "work", "--product", "shop", "--url", "https://shop.example"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE_MESSAGE(run(arguments) == 0, err);
  }

  void knows_alice() { world.transport.expect("GET", me).answers(200, {}, R"({"name":"alice"})"); }

  std::string code_of(const std::vector<std::string>& arguments, int exit) {
    return text_at(run_json(arguments, exit), "/code");
  }
};

}  // namespace

TEST_CASE_FIXTURE(Shop, "methods: a token is asked for, tried, and kept") {
  set({"--method", "token"});
  world.terminal.answers = {"t0ken"};
  knows_alice();
  CHECK(run({"login"}) == 0);
  CHECK(holds(err, "signed in as alice"));
  CHECK(holds(world.terminal.questions.front(), "personal access token"));
  CHECK(world.transport.sent.back().header("Authorization") == "Bearer t0ken");
  const json::Value standing = run_json({"status", "--offline"});
  CHECK(text_at(standing, "/method") == "token");
  CHECK(text_at(standing, "/user") == "alice");
  CHECK(run({"status", "--offline"}) == 0);
  CHECK(holds(out, "personal access token"));
  CHECK_FALSE(holds(out + err, "t0ken"));
  world.transport.expect("GET", "https://shop.example/x").answers(200, {}, "data");
  CHECK(run({"request", "GET", "/x"}) == 0);
  CHECK(out == "data");
}

TEST_CASE_FIXTURE(Shop, "methods: what is refused is not kept, and replaces nothing") {
  set({"--method", "token"});
  world.terminal.answers = {"good"};
  knows_alice();
  CHECK(run({"login"}) == 0);
  world.terminal.answers = {"bad"};
  world.transport.expect("GET", me).answers(401);
  CHECK(code_of({"login"}, 4) == "answer.unauthorized");
  knows_alice();
  CHECK(run({"status"}) == 0);
  CHECK(world.transport.sent.back().header("Authorization") == "Bearer good");
}

TEST_CASE_FIXTURE(Shop, "methods: doctor asks as requests are sent, and looks for no link") {
  set({"--method", "token"});
  world.terminal.answers = {"t0ken"};
  knows_alice();
  REQUIRE(run({"login"}) == 0);
  const std::size_t before = world.transport.sent.size();
  CHECK(code_of({"link", "check"}, 3) == "method.no_signature");
  world.transport.expect("GET", me).answers(401);
  for (const char* place : {"/about", "/", "/shop/about", "/c/about"}) {
    world.transport.expect("GET", std::string("https://shop.example") + place).answers(404);
  }
  knows_alice();
  const json::Value healthy = run_json({"doctor"});
  CHECK(healthy.find("cause")->is_null());
  CHECK(world.transport.sent[before].header("Authorization").empty());
  CHECK(world.transport.sent.back().header("Authorization") == "Bearer t0ken");
  CHECK_FALSE(holds(out + err, "t0ken"));
}

TEST_CASE_FIXTURE(Shop,
                  "methods: without one the product's tokens are chosen, and it is said why") {
  set();
  world.terminal.answers = {"t"};
  knows_alice();
  CHECK(run({"login"}) == 0);
  CHECK(holds(err, "signing in by token, since"));
}

TEST_CASE_FIXTURE(Shop, "methods: a password from a file") {
  set({"--method", "basic", "--user", "alice"});
  put_descriptor(0, "p4ss\n");
  knows_alice();
  CHECK(run({"login", "--switched-on", "--secret-file", "-"}) == 0);
  CHECK(world.transport.sent.back().header("Authorization") == "Basic YWxpY2U6cDRzcw==");
}

TEST_CASE_FIXTURE(Shop,
                  "methods: what was made at the site ends there, and on no page of consents") {
  set({"--method", "token"});
  world.terminal.answers = {"t0ken"};
  knows_alice();
  REQUIRE(run({"login"}) == 0);
  CHECK(run({"logout"}) == 0);
  CHECK(holds(err, "accepts the token until alice revokes it there, where it was made"));
  CHECK_FALSE(holds(err, "removes the link"));
  set({"--method", "basic", "--user", "alice"});
  put_descriptor(0, "p4ss\n");
  knows_alice();
  REQUIRE(run({"login", "--switched-on", "--secret-file", "-"}) == 0);
  const json::Value gone = run_json({"logout"});
  CHECK(*gone.find("was_signed_in")->as_bool());
  CHECK(gone.find("revoke_url")->is_null());
  put_descriptor(0, "p4ss\n");
  knows_alice();
  REQUIRE(run({"login", "--switched-on", "--secret-file", "-"}) == 0);
  CHECK(run({"logout"}) == 0);
  CHECK(holds(err, "goes on accepting the password; to end that, alice changes it there"));
}

TEST_CASE_FIXTURE(Shop, "methods: variables give a credential and, with login, one to keep") {
  set({"--method", "token"});
  world.environment.variables["ATLINK_TOKEN"] = "from outside";
  CHECK(code_of({"request", "GET", "/x"}, 2) == "header.invalid");
  world.environment.variables["ATLINK_TOKEN_WORK"] = "t2";
  knows_alice();
  CHECK(run({"login"}) == 0);
  world.environment.variables.erase("ATLINK_TOKEN");
  world.environment.variables.erase("ATLINK_TOKEN_WORK");
  knows_alice();
  CHECK(run({"status"}) == 0);
  CHECK(world.transport.sent.back().header("Authorization") == "Bearer t2");
}

TEST_CASE_FIXTURE(Shop, "methods: one that the product does not have is named with those it has") {
  set({"--method", "api-token", "--user", "alice"});
  const json::Value error = run_json({"login"}, 3);
  CHECK(text_at(error, "/code") == "method.unavailable");
  CHECK(holds(text_at(error, "/next"), "oauth1, token, basic"));
  CHECK(code_of({"login", "--method", "magic"}, 2) == "usage");
  CHECK(run({"profile", "set", "work", "--method", "magic"}) == 2);
}

TEST_CASE_FIXTURE(Shop, "methods: a method without halves has no --begin") {
  set({"--method", "token"});
  CHECK(code_of({"login", "--begin"}, 2) == "usage");
}

TEST_CASE_FIXTURE(Shop, "methods: a user name is needed for a password, before anything is asked") {
  set({"--method", "basic"});
  CHECK(code_of({"login", "--switched-on"}, 3) == "consumer.missing");
}

TEST_CASE_FIXTURE(Shop, "methods: sign lends signatures alone") {
  set({"--method", "token"});
  world.environment.variables["ATLINK_TOKEN"] = "t";
  CHECK(code_of({"sign", "GET", "https://shop.example/x"}, 3) == "method.no_signature");
}

TEST_CASE_FIXTURE(Shop, "methods: secrets of sign-ins are no setting of a profile") {
  put_descriptor(0, "t\n");
  const int code = run({"profile",
                        "set",
                        "work",
                        "--product",
                        "shop",
                        "--url",
                        "https://shop.example",
                        "--method",
                        "token",
                        "--secret-file",
                        "-"});
  CHECK(code == 2);
  CHECK(holds(err, "login --secret-file"));
}

TEST_CASE_FIXTURE(Shop, "methods: the settings of a profile, and taking them away") {
  set({"--method",
       "oauth2",
       "--client-id",
       "c",
       "--redirect-uri",
       "http://localhost:8123/cb",
       "--scope",
       "a",
       "--scope",
       "b",
       "--user",
       "u",
       "--as",
       "v"});
  json::Value shown = run_json({"profile", "show", "work"});
  CHECK(text_at(shown, "/method") == "oauth2");
  CHECK(text_at(shown, "/client_id") == "c");
  CHECK(text_at(shown, "/redirect_uri") == "http://localhost:8123/cb");
  CHECK(shown.find("scopes")->as_array()->size() == 2);
  CHECK(text_at(shown, "/user") == "u");
  CHECK(text_at(shown, "/act_as") == "v");
  set({"--method",
       "",
       "--client-id",
       "",
       "--redirect-uri",
       "",
       "--scope",
       "",
       "--user",
       "",
       "--as",
       ""});
  shown = run_json({"profile", "show", "work"});
  for (const char* name : {"method", "client_id", "redirect_uri", "user", "act_as"}) {
    CHECK(shown.find(name)->is_null());
  }
  CHECK(shown.find("scopes")->as_array()->empty());
  CHECK(run({"profile", "set", "work", "--scope", "two words"}) == 2);
  CHECK(run({"profile", "set", "work", "--redirect-uri", "no url"}) == 2);
}

TEST_CASE_FIXTURE(Shop, "methods: the token of a profile is printed to whoever says so") {
  set({"--method", "token"});
  world.environment.variables["ATLINK_TOKEN"] = "t0ken";
  CHECK(code_of({"token", "print"}, 2) == "usage");
  CHECK(run({"token", "print", "--reveal"}) == 0);
  CHECK(out == "t0ken\n");
  world.environment.variables = {{"HOME", "/home/me"}, {"ATLINK_PASSWORD", "p"}};
  set({"--method", "basic", "--user", "alice"});
  CHECK(code_of({"token", "print", "--reveal"}, 3) == "method.unavailable");
}

TEST_CASE_FIXTURE(Shop, "methods: tokens are made, listed and revoked by the product's own calls") {
  put_plugin("vend", R"({
    "schema": 1, "id": "vend", "version": "1", "name": "Vend", "extends": "acme",
    "sign_in": { "token": { "create": "make", "list": "all", "revoke": "drop" } },
    "operations": {
      "make": { "summary": "m", "method": "POST", "path": "/tokens",
        "parameters": { "name": { "required": true }, "days": { "type": "number" } },
        "json": { "name": "{name}", "days": "{days}" } },
      "all": { "summary": "a", "path": "/tokens/of/{user}",
        "parameters": { "user": { "required": true } } },
      "drop": { "summary": "d", "method": "DELETE", "path": "/tokens/{token}",
        "parameters": { "token": { "required": true } } } }
  })");
  REQUIRE(run({"profile", "set", "v", "--product", "vend", "--url", "https://v.example"}) == 0);
  world.environment.variables["ATLINK_TOKEN"] = "t";
  world.environment.variables["ATLINK_PROFILE"] = "v";
  CHECK(code_of({"token", "create", "build"}, 2) == "usage");
  world.transport.expect("POST", "https://v.example/tokens").answers(200, {}, R"({"raw":"new"})");
  CHECK(run({"token", "create", "build", "--days", "90", "--reveal"}) == 0);
  CHECK(out == R"({"raw":"new"})");
  CHECK(world.transport.sent.back().body == R"({"name":"build","days":90})");
  world.transport.expect("GET", "https://v.example/rest/me").answers(200, {}, R"({"name":"al"})");
  world.transport.expect("GET", "https://v.example/tokens/of/al").answers(200, {}, "[]");
  CHECK(run({"token", "list"}) == 0);
  CHECK(out == "[]");
  world.transport.expect("DELETE", "https://v.example/tokens/17").answers(204);
  CHECK(run({"token", "revoke", "17"}) == 0);
  set({"--method", "token"});
  world.environment.variables["ATLINK_PROFILE"] = "work";
  CHECK(code_of({"token", "list"}, 3) == "method.unavailable");
}

TEST_SUITE_END();
