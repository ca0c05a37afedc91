// SPDX-License-Identifier: Apache-2.0
#include "cli/shell.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>
TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

constexpr std::string_view about = R"({"product": "Shop", "version": "4.2", "url": "URL"})";

std::string about_with(const std::string& url) {
  std::string text(about);
  return text.replace(text.find("URL"), 3, url);
}

}  // namespace

TEST_CASE("detect: for people, with the next command filled in and what was asked") {
  Program program;
  program.put_shop();
  program.world.transport.expect("GET", "https://site.example/shop/about")
      .answers(200, {}, about_with("https://site.example/shop"));
  CHECK(program.run({"detect", "https://site.example/shop/things/7?page=2#end"}) == 0);
  CHECK(holds(program.out, "Shop 4.2 (shop)"));
  CHECK(holds(program.out, "data-center (told from the host, which is none of those of cloud)"));
  CHECK(holds(program.out, "oauth1 (OAuth 1.0a)\n"));
  CHECK(holds(program.out, "token (personal access token): made in the profile\n"));
  CHECK(holds(program.out, "basic (name and password)\n"));
  CHECK(holds(program.out,
              "atlink profile set shop --product shop --url https://site.example/shop "
              "--deployment data-center\n"));
  CHECK(holds(program.out, "GET https://site.example/shop/about  200     this is Shop 4.2\n"));
  CHECK_FALSE(holds(program.err, "warning"));
}

TEST_CASE("detect: the profile that it proposes does not take the place of another") {
  Program program;
  program.put_shop();
  program.files.put("/company ca.pem", "the bytes of certificates");
  const auto profile = [&program](const char* name) {
    return program.run({"profile", "set", name, "--product", "acme", "--url", "https://a.example"});
  };
  REQUIRE(profile("shop") == 0);
  REQUIRE(profile("shop-2") == 0);
  program.world.transport.expect("GET", "https://site.example/x/about")
      .answers(200, {}, about_with("https://site.example/x"));
  CHECK(program.run({"detect", "https://site.example/x", "--ca-file", "/company ca.pem"}) == 0);
  CHECK(
      holds(program.out, "atlink profile set shop-3 --product shop --url https://site.example/x "));
  CHECK(holds(program.out, " --ca-file '/company ca.pem'\n"));
  CHECK(program.world.transport.sent.back().connection.ca_pem == "the bytes of certificates");
}

TEST_CASE("detect: a context path that the product would not find by itself stands in the line") {
  Program program;
  program.put_shop();
  program.world.transport.expect("GET", "https://site.example/about")
      .answers(301, {{"Location", "/shop/deep/about"}});
  program.world.transport.expect("GET", "https://site.example/shop/deep/about")
      .answers(200, {}, about_with("https://site.example/shop/deep"));
  CHECK(program.run({"detect", "https://site.example"}) == 0);
  CHECK(holds(program.out,
              "--url https://site.example/shop/deep --context-path /shop/deep --deployment"));
}

TEST_CASE("detect: the environment names certificates; what nobody describes ends with 6") {
  Program program;
  program.put_shop();
  program.files.put("/ca.pem", "more bytes");
  program.world.environment.variables["ATLINK_CA_FILE"] = "/ca.pem";
  for (const char* path : {"/shop/about", "/about", "/shop/a", "/shop/a/about", "/c/about"}) {
    program.world.transport.expect("GET", std::string("https://site.example") + path).answers(404);
  }
  CHECK(program.run({"detect", "https://site.example/shop/a"}) == 6);
  CHECK(program.world.transport.sent.back().connection.ca_pem == "more bytes");
  CHECK(holds(program.err, "no product was recognised at https://site.example/shop/a"));
  CHECK(
      holds(program.err, "atlink profile set NAME --product ID --url https://site.example/shop/a"));
}

TEST_CASE("detect: a server that calls itself otherwise is a warning with both addresses") {
  Program program;
  program.put_shop();
  program.world.transport.expect("GET", "https://site.example/about")
      .answers(200, {}, about_with("http://inside:8080"));
  CHECK(program.run({"detect", "https://site.example"}) == 0);
  CHECK(
      holds(program.err, "calls itself http://inside:8080, and was asked as https://site.example"));
}

TEST_CASE("detect: for scripts, also where nothing is certain") {
  Program program;
  program.put_shop();
  program.world.transport.expect("GET", "https://site.example/about")
      .answers(200, {}, about_with("https://site.example"));
  const json::Value found = program.run_json({"detect", "https://site.example/"});
  const json::Value& first = (*found.find("found")->as_array())[0];
  CHECK(text_at(first, "/product") == "shop");
  CHECK(text_at(first, "/version") == "4.2");
  CHECK(text_at(first, "/deployment") == "data-center");
  CHECK(text_at(first, "/context_path").empty());
  CHECK(*first.find("certain")->as_bool());
  CHECK_FALSE(*found.find("ambiguous")->as_bool());
  CHECK(first.find("server_base_url")->is_null());

  program.world.transport.expect("GET", "https://dead.example/about")
      .fails(ErrorCode::network_refused);
  CHECK(program.run({"detect", "https://dead.example", "--output", "json"}) == 9);
  const auto dead = json::parse(program.out);
  REQUIRE(dead.has_value());
  CHECK(dead->find("found")->as_array()->empty());
  const json::Value& asked = (*dead->find("asked")->as_array())[0];
  CHECK(text_at(asked, "/error") == "network.refused");
  CHECK(text_at(asked, "/outcome") == "failed");
  CHECK(asked.find("status")->is_null());
  CHECK(holds(program.err, "\"network.refused\""));
}

TEST_CASE("detect: a site of login pages ends with 4 and says what to give by hand") {
  Program program;
  program.put_shop();
  for (const char* path : {"/about", "/", "/shop/about", "/c/about"}) {
    program.world.transport.expect("GET", std::string("https://site.example") + path)
        .answers(200,
                 {{"Content-Type", "text/html"}},
                 "<title>Company login</title><input type='password'>");
  }
  CHECK(program.run({"detect", "https://site.example"}) == 4);
  CHECK(holds(program.err, "shows nothing without a sign-in"));
  CHECK(holds(program.err, "a login page \"Company login\" (200)"));
  CHECK(holds(program.err, "--context-path PATH"));
  CHECK(holds(program.out, "a login page \"Company login\""));
}

TEST_CASE("detect: certificates that are not trusted name the option") {
  Program program;
  program.put_shop();
  program.world.transport.expect("GET", "https://site.example/about")
      .fails(ErrorCode::network_certificate);
  CHECK(program.run({"detect", "https://site.example"}) == 9);
  CHECK(holds(program.err, "atlink detect https://site.example --ca-file FILE"));
}

TEST_CASE("detect: an address that is none is refused") {
  Program program;
  program.put_shop();
  CHECK(program.run({"detect", "site.example"}) == 2);
  CHECK(holds(program.err, "https://"));
  CHECK(program.run({"detect", "https://me:secret@site.example"}) == 2);
  CHECK_FALSE(holds(program.err, "secret"));
  CHECK(program.run({"detect"}) == 2);
}

TEST_CASE("detect: without any probe there is nothing to ask") {
  Program program;
  CHECK(program.run({"detect", "https://site.example"}) == 3);
  CHECK(holds(program.err, "how to recognise a site"));
}

TEST_CASE("shell word: what a shell would take apart is quoted") {
  CHECK(cli::shell_word("https://site.example/a-b_c.d?") == "'https://site.example/a-b_c.d?'");
  CHECK(cli::shell_word("https://site.example:8443/a%20b") == "https://site.example:8443/a%20b");
  CHECK(cli::shell_word("") == "''");
  CHECK(cli::shell_word("a;b$(c)") == "'a;b$(c)'");
  CHECK(cli::shell_word("it's") == "'it'\\''s'");
}

TEST_SUITE_END();
