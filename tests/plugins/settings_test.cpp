// SPDX-License-Identifier: Apache-2.0
#include "tests/plugins/plugin_folders.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

TEST_SUITE_BEGIN("plugins/host");

using namespace atlink;
using namespace atlink::plugins;
using namespace atlink::tests;

namespace {

using Settings = std::map<std::string, std::string>;

Product acme_product_of_docs() {
  PluginFolders folders;
  folders.put(PluginFolders::flag, "acme", acme());
  auto product = folders.registry().product("acme", {});
  REQUIRE_MESSAGE(product.has_value(), product.error().message);
  return *std::move(product);
}

SetProduct set(const Settings& settings) {
  auto product = with_settings(acme_product_of_docs(), settings);
  REQUIRE_MESSAGE(product.has_value(), said(product.error()));
  return *std::move(product);
}

std::string refused(const Settings& settings) {
  const auto product = with_settings(acme_product_of_docs(), settings);
  REQUIRE_FALSE(product.has_value());
  CHECK(product.error().code == ErrorCode::profile_invalid);
  CHECK_FALSE(product.error().fact("setting").empty());
  return said(product.error());
}

std::string value_of(const Product& product, const std::string& name) {
  for (const Setting& setting : product.settings) {
    if (setting.name == name) {
      return setting.fallback;
    }
  }
  FAIL("no setting " << name);
  return {};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const char* const origin = "https://accounts.acme.example";

}  // namespace

TEST_CASE("settings: a profile's values take the place of the description's") {
  const SetProduct nothing = set({});
  CHECK(value_of(nothing.product, "accounts") == origin);
  CHECK(nothing.binding.empty());
  const SetProduct both = set({{"accounts", "https://sign-in.example:8443"}, {"team", "blue"}});
  CHECK(value_of(both.product, "accounts") == "https://sign-in.example:8443");
  CHECK(value_of(both.product, "team") == "blue");
  CHECK(both.binding == Settings{{"accounts", "https://sign-in.example:8443"}});
}

TEST_CASE("settings: what says the same as the description binds nothing") {
  CHECK(set({{"accounts", origin}}).binding.empty());
  CHECK(set({{"request_token", "base:/auth/1/temporary"}}).binding.empty());
  CHECK(set({{"authorize", "site:/consent"}}).binding.empty());
  CHECK(set({{"authorize", "base:/consent"}}).binding == Settings{{"authorize", "base:/consent"}});
}

TEST_CASE("settings: endpoints of OAuth 1.0a are moved below the base URL or the site") {
  const SetProduct moved = set({{"request_token", "site:/sso/request"},
                                {"authorize", "base:/a%20b/authorize"},
                                {"access_token", "base:/access"}});
  const OAuth1Rules& rules = *moved.product.oauth1;
  CHECK(rules.request_token.path == "/sso/request");
  CHECK(rules.request_token.relative_to == EndpointPath::RelativeTo::site);
  CHECK(rules.authorize.path == "/a%20b/authorize");
  CHECK(rules.authorize.relative_to == EndpointPath::RelativeTo::base);
  CHECK(rules.access_token.path == "/access");
  CHECK(moved.binding.size() == 3);
}

TEST_CASE("settings: a moved endpoint keeps its fixed query") {
  Product product = acme_product_of_docs();
  product.oauth1->authorize.query = {{"title", "Special:OAuth"}};
  const auto moved = with_settings(product, {{"authorize", "site:/index.php"}});
  REQUIRE(moved.has_value());
  CHECK(moved->product.oauth1->authorize.path == "/index.php");
  CHECK(moved->product.oauth1->authorize.query == product.oauth1->authorize.query);
}

TEST_CASE("settings: endpoints cannot leave the site") {
  for (const char* value : {"/oauth/authorize",
                            "https://evil.example/authorize",
                            "BASE:/x",
                            "base:",
                            "base:x",
                            "base://evil.example/x",
                            "base:/../x",
                            "base:/%2e%2e/x",
                            "base:/x?y=z",
                            "base:/x#y",
                            "base:/x y",
                            "base:/x\ny",
                            "site:@evil.example/"}) {
    CAPTURE(value);
    refused({{"authorize", value}});
  }
  CHECK(has(refused({{"authorize", "/x"}}), "base:/PATH"));
}

TEST_CASE("settings: an origin is https, or http on this machine") {
  for (const char* value :
       {"http://127.0.0.1:8080", "http://localhost", "http://[::1]:1", "https://a.example"}) {
    CAPTURE(value);
    CHECK(value_of(set({{"accounts", value}}).product, "accounts") == value);
  }
  for (const char* value : {"http://a.example",
                            "http://127.0.0.1:8080/",
                            "http://127.0.0.1.evil.example",
                            "http://me@127.0.0.1",
                            "https://a.example/path",
                            "https://me@a.example",
                            "https://A.example",
                            "ftp://127.0.0.1",
                            "a.example"}) {
    CAPTURE(value);
    CHECK(has(refused({{"accounts", value}}), "https://"));
  }
}

TEST_CASE("settings: a text is one line of visible characters") {
  refused({{"team", "a\x1b[31mb"}});
  refused({{"team", "two\nlines"}});
  refused({{"team", std::string(3000, 'x')}});
}

TEST_CASE("settings: an unknown name is refused with the nearest") {
  CHECK(has(refused({{"acounts", "https://a.example"}}), "did you mean accounts?"));
  CHECK(has(refused({{"autorize", "base:/x"}}), "did you mean authorize?"));
  CHECK(has(refused({{"colour", "x"}}), "accounts, team, request_token"));
  Product bare;
  bare.id = "bare";
  const auto none = with_settings(bare, {{"authorize", "base:/x"}});
  REQUIRE_FALSE(none.has_value());
  CHECK(has(said(none.error()), "bare has no setting"));
}

TEST_SUITE_END();
