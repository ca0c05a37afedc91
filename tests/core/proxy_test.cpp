// SPDX-License-Identifier: Apache-2.0
#include "atlink/proxy.h"

#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

namespace {

Url url(const std::string& text) {
  return Url::parse(text).value();
}

bool excepted(const std::string& list, const std::string& text) {
  return NoProxy::read(list).value().holds(url(text));
}

std::string read(const std::string& text) {
  const auto proxy = read_proxy(text, "X");
  return proxy ? proxy->url_with_user() : proxy.error().message;
}

}  // namespace

TEST_CASE("proxy: what a setting says") {
  const std::pair<const char*, const char*> cases[]{
      {"proxy.example:3128", "http://proxy.example:3128"},
      {"http://Proxy.Example", "http://proxy.example:80"},
      {"http://proxy.example:3128/", "http://proxy.example:3128"},
      {"socks5h://proxy.example", "socks5h://proxy.example:1080"},
      {"SOCKS5://127.0.0.1:9", "socks5://127.0.0.1:9"},
      {"socks5://proxy.example:80", "socks5://proxy.example:80"},
      {"http://[::1]:3128", "http://[::1]:3128"},
      {"http://al%40ice:pw@proxy.example:1", "http://al%40ice@proxy.example:1"},
      {" http://alice@proxy.example:1 ", "http://alice@proxy.example:1"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.first);
    CHECK(read(each.first) == each.second);
  }
}

TEST_CASE("proxy: a password is taken, kept apart and never repeated") {
  const auto proxy = read_proxy("http://alice:s%3Acret/x@proxy.example:1", "X");
  REQUIRE(proxy.has_value());
  CHECK(proxy->user == "alice");
  CHECK(proxy->password->equals("s:cret/x"));
  CHECK(proxy->url().find("cret") == std::string::npos);
  for (const char* text : {"https://alice:hunter2@proxy.example:1",
                           "ftp://alice:hunter2@proxy.example",
                           "http://alice:hunter2@",
                           "http://alice:hunter2@proxy.example:port"}) {
    CAPTURE(text);
    const auto refused = read_proxy(text, "HTTPS_PROXY");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::usage);
    CHECK(refused.error().message.find("HTTPS_PROXY") != std::string::npos);
    CHECK((refused.error().message + refused.error().next).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("proxy: which hosts go without") {
  const std::pair<const char*, const char*> held[]{
      {"*", "https://any.example"},
      {"example.com", "https://example.com"},
      {"example.com", "https://jobs.example.com:8443/x"},
      {".example.com", "https://jobs.example.com"},
      {".example.com", "https://example.com"},
      {"*.example.com", "https://jobs.example.com"},
      {"EXAMPLE.com.", "https://example.com"},
      {"a.example, b.example", "http://b.example"},
      {"a.example b.example", "http://b.example"},
      {"example.com:8443", "https://example.com:8443"},
      {"example.com:443", "https://example.com"},
      {"10.0.0.0/8", "https://10.20.30.40"},
      {"10.1.2.3", "https://10.1.2.3:99"},
      {"192.168.0.0/23", "http://192.168.1.9"},
      {"fd00::/8", "https://[fd12::1]"},
      {"[fd12::1]:8443", "https://[fd12:0::1]:8443"},
      {"fd12:0:0::1", "https://[fd12::1]"},
      {"", "http://localhost:8080"},
      {"", "http://sub.localhost"},
      {"", "https://127.3.2.1"},
      {"", "https://[::1]:8443"},
  };
  for (const auto& each : held) {
    CAPTURE(each.first);
    CAPTURE(each.second);
    CHECK(excepted(each.first, each.second));
  }
  const std::pair<const char*, const char*> proxied[]{
      {"", "https://example.com"},
      {"example.com", "https://badexample.com"},
      {"example.com", "https://example.com.evil.net"},
      {"example.com:8443", "https://example.com"},
      {"10.0.0.0/8", "https://11.0.0.1"},
      {"192.168.0.0/23", "http://192.168.2.1"},
      {"10.0.0.0/8", "https://10.example"},
      {".0.0.9", "https://10.0.0.9"},
      {"0.9", "https://10.0.0.9"},
      {"fd00::/8", "https://[fe80::1]"},
      {"<-loopback>", "http://localhost:8080"},
      {"<-loopback>", "https://[::1]:8443"},
  };
  for (const auto& each : proxied) {
    CAPTURE(each.first);
    CAPTURE(each.second);
    CHECK_FALSE(excepted(each.first, each.second));
  }
}

TEST_CASE("proxy: what is no list is told") {
  for (const char* list :
       {"a.example:port", "10.0.0.0/33", "name/8", "a@b", "fd00::/129", "x.example:0", "."}) {
    CAPTURE(list);
    const auto refused = NoProxy::read(list);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::usage);
  }
}

TEST_CASE("proxy: the environment, in the words of other programs") {
  tests::FakeWorld world;
  auto& values = world.environment.variables;
  values["https_proxy"] = "http://low.example:1";
  values["HTTPS_PROXY"] = "http://high.example:2";
  values["HTTP_PROXY"] = "http://never.example:3";
  values["ALL_PROXY"] = "socks5h://all.example:4";
  values["NO_PROXY"] = "inside.example";
  const auto rules = proxies_from(world.environment);
  REQUIRE(rules.has_value());
  CHECK(rules->proxy_for(url("https://site.example"))->url() == "http://low.example:1");
  CHECK(rules->proxy_for(url("http://site.example"))->url() == "socks5h://all.example:4");
  CHECK(rules->proxy_for(url("https://a.inside.example")) == nullptr);
  CHECK(rules->proxy_for(url("http://localhost")) == nullptr);
  values["ALL_PROXY"] = "";
  values["https_proxy"] = "";
  const auto fewer = proxies_from(world.environment);
  REQUIRE(fewer.has_value());
  CHECK(fewer->proxy_for(url("https://site.example"))->url() == "http://high.example:2");
  CHECK(fewer->proxy_for(url("http://site.example")) == nullptr);
}

TEST_CASE("proxy: a variable that says nothing usable is named, not repeated") {
  tests::FakeWorld world;
  world.environment.variables["https_proxy"] = "gopher://alice:hunter2@x";
  const auto refused = proxies_from(world.environment);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::profile_invalid);
  CHECK(refused.error().message.find("https_proxy") != std::string::npos);
  CHECK(refused.error().message.find("hunter2") == std::string::npos);
}

TEST_SUITE_END();
