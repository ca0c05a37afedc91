// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "atlink/text.h"
#include "tests/cli/program.h"
#include "tests/support/raw_client.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <future>
#include <thread>
#include <utility>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

std::vector<std::string> guide_titles(const json::Value& link) {
  std::vector<std::string> titles;
  for (const json::Value& guide : *link.find("guides")->as_array()) {
    titles.push_back(text_at(guide, "/title"));
  }
  return titles;
}

}  // namespace

TEST_CASE("link show: every value to paste, without a sign-in") {
  Program program;
  program.make_profile();
  const auto key = RsaPrivateKey::parse(tests::test_private_key(), nullptr).value().public_key();
  const json::Value link = program.run_json({"link", "show"});
  CHECK(text_at(link, "/consumer_key") == "build");
  CHECK(text_at(link, "/public_key") == key.pem());
  CHECK(text_at(link, "/public_key_body") == key.base64());
  CHECK(text_at(link, "/fingerprint") == key.fingerprint());
  CHECK(text_at(link, "/request_token_url") == "https://acme.example/tools/oauth/request");
  CHECK(text_at(link, "/authorize_url") == "https://acme.example/tools/oauth/authorize");
  CHECK(text_at(link, "/access_token_url") == "https://acme.example/tools/oauth/access");
  CHECK(text_at(link, "/callback") == "oob");
  CHECK(text_at(link, "/links_url") == "https://acme.example/tools/admin/links");
}

TEST_CASE("link show: the screens have the values filled in, newest version first") {
  Program program;
  program.make_profile();
  const json::Value link = program.run_json({"link", "show"});
  CHECK(guide_titles(link) ==
        std::vector<std::string>{"The page has a button", "The page has one box"});
  const json::Value& screen =
      (*(*link.find("guides")->as_array())[0].find("screens")->as_array())[0];
  const json::Array& fields = *screen.find("fields")->as_array();
  REQUIRE(fields.size() == 3);
  CHECK(text_at(fields[0], "/value") == "build");
  CHECK(text_at(fields[1], "/value") == text_at(link, "/public_key_body"));
  CHECK(text_at(fields[2], "/action") == "empty");
  CHECK(holds(text_at(fields[2], "/note"), "http://127.0.0.1"));
}

TEST_CASE("link show: --site-version picks the guide of that version") {
  Program program;
  program.make_profile();
  const auto titles = [&program](const char* version) {
    return guide_titles(program.run_json({"link", "show", "--site-version", version}));
  };
  CHECK(titles("4.99.9") == std::vector<std::string>{"The page has one box"});
  CHECK(titles("5.0") == std::vector<std::string>{"The page has a button"});
  CHECK(titles("5") == std::vector<std::string>{"The page has a button"});
  CHECK(titles("10.1") == std::vector<std::string>{"The page has a button"});
  for (const char* none : {"", "v5", "latest"}) {
    CAPTURE(none);
    CHECK(program.run({"link", "show", "--site-version", none}) == 2);
    CHECK(holds(program.err, "--site-version"));
  }
}

TEST_CASE("link show: the application URL is one, whatever the consumer key") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--consumer-key", "my build/key"}) == 0);
  const json::Value shown = program.run_json({"link", "show"});
  CHECK(text_at(shown, "/consumer_key") == "my build/key");
  CHECK(text_at(shown, "/application_url") == "https://atlink.invalid/my%20build%2Fkey");
}

TEST_CASE("link show: for people, with a screen that comes twice shown once") {
  Program program;
  program.make_profile();
  CHECK(program.run({"link", "show"}) == 0);
  const auto key = RsaPrivateKey::parse(tests::test_private_key(), nullptr).value().public_key();
  CHECK(holds(program.out, key.pem()));
  CHECK(holds(program.out, "\n" + key.base64() + "\n"));
  CHECK(holds(program.out, "version 5.0 and later"));
  CHECK(holds(program.out, "versions before 5.0"));
  CHECK(holds(program.out, "paste: the public key above"));
  CHECK(holds(program.out, "Consumer: as above"));
  CHECK(holds(program.out, "ignore: a warning that nothing answers"));
  CHECK(holds(program.err, "--site-version"));
}

TEST_CASE("link show: a message for an administrator says all, and nothing of the profile") {
  Program program;
  program.make_profile();
  CHECK(program.run({"link", "show", "--for-admin"}) == 0);
  const auto key = RsaPrivateKey::parse(tests::test_private_key(), nullptr).value().public_key();
  CHECK(program.out.starts_with("Subject: "));
  CHECK(program.out.find(key.pem()) < program.out.find("paste: the public key above"));
  CHECK(holds(program.out, "https://acme.example/tools/admin/links"));
  CHECK(holds(program.out, "To take it back"));
  CHECK_FALSE(holds(program.out, "PRIVATE"));
  CHECK_FALSE(holds(program.out, "profile"));
  CHECK(program.err.empty());
}

TEST_CASE("link show: the page has a button for each value and takes no markup from them") {
  Program program;
  program.make_profile();
  REQUIRE(program.run({"profile", "set", "work", "--consumer-key", "<script>\"'&"}) == 0);
  std::promise<std::string> announced;
  program.on_error_text = [&announced, told = false](std::string_view text) mutable {
    const std::size_t at = text.find("http://127.0.0.1:");
    if (at != std::string_view::npos && !std::exchange(told, true)) {
      announced.set_value(std::string(trim(text.substr(at))));
    }
  };
  std::string page;
  std::string elsewhere;
  std::thread visitor;
  program.surroundings.on_work = [&](const std::function<void()>& stop) {
    visitor = std::thread([&, stop] {
      const auto url = Url::parse(announced.get_future().get());
      const auto get = [&url](std::string_view host) {
        return tests::ask_raw(
            url->port(),
            fmt::format(
                "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", url->target(), host));
      };
      page = get(fmt::format("127.0.0.1:{}", url->port()));
      elsewhere = get("evil.example");
      stop();
    });
  };
  static_cast<void>(program.run({"link", "show", "--web", "--no-browser"}));
  visitor.join();
  CHECK(holds(page, "default-src 'none'; script-src 'nonce-"));
  CHECK(holds(page, "&lt;script&gt;&quot;&#39;&amp;"));
  CHECK_FALSE(holds(page, "<script>\"'"));
  CHECK(holds(page, "data-copy=\"v1\""));
  CHECK(holds(page, "BEGIN PUBLIC KEY"));
  CHECK(elsewhere.starts_with("HTTP/1.1 421"));
}

TEST_CASE("link show: what is missing is named with the command that makes it") {
  Program program;
  const std::vector<std::string> set{
      "profile", "set", "p", "--product", "acme", "--url", "https://acme.example"};
  REQUIRE(program.run(set) == 0);
  CHECK(program.run({"link", "show"}) == 3);
  CHECK(holds(program.err, "--consumer-key"));
  REQUIRE(program.run({"profile", "set", "p", "--consumer-key", "k"}) == 0);
  CHECK(program.run({"link", "show"}) == 3);
  CHECK(holds(program.err, "atlink keygen"));
}

TEST_CASE("link show: a consumer with a shared secret has no key to show") {
  Program program;
  program.world.environment.variables["ATLINK_CONSUMER_SECRET"] = "s3cr3t";
  REQUIRE(program.run({"profile",
                       "set",
                       "b",
                       "--product",
                       "beta",
                       "--url",
                       "https://b.example",
                       "--consumer-key",
                       "k"}) == 0);
  CHECK(program.run_json({"link", "show"}).find("public_key")->is_null());
  CHECK(program.run({"link", "show"}) == 0);
  CHECK_FALSE(holds(program.out, "s3cr3t"));
}

TEST_SUITE_END();
