// SPDX-License-Identifier: Apache-2.0
#include "atlink/profile.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

TEST_SUITE_BEGIN("core/profile");

using namespace atlink;

namespace {

Product acme(const std::string& usual = "") {
  Product product;
  product.id = "acme";
  product.default_context_path = usual;
  product.known_context_paths = {"", "/acme", "/acme/deep", "/tools"};
  return product;
}

/// "SITE|CONTEXT", or the dotted name of the error.
std::string split(const std::string& url,
                  const std::optional<std::string>& context = std::nullopt,
                  const Product& product = acme()) {
  const auto parts = split_base_url(url, context, product);
  return parts ? parts->site + "|" + parts->context_path : std::string(name_of(parts.error().code));
}

}  // namespace

TEST_CASE("base URL: a site alone has the product's usual context path") {
  CHECK(split("https://site.example") == "https://site.example|");
  CHECK(split("https://site.example/", std::nullopt, acme("/acme")) ==
        "https://site.example|/acme");
  CHECK(split(" HTTPS://Site.Example:443/\n") == "https://site.example|");
  CHECK(split("http://[::1]:8080") == "http://[::1]:8080|");
}

TEST_CASE("base URL: a context path in the URL is understood") {
  CHECK(split("https://site.example/acme") == "https://site.example|/acme");
  CHECK(split("https://site.example/acme/") == "https://site.example|/acme");
  CHECK(split("https://site.example/acme//") == "https://site.example|/acme");
  CHECK(split("https://site.example/a/b") == "https://site.example|/a/b");
}

TEST_CASE("base URL: an address copied from the browser's line is understood where it is known") {
  CHECK(split("https://site.example/acme/browse/X-1") == "https://site.example|/acme");
  CHECK(split("https://site.example/acme/deep/browse") == "https://site.example|/acme/deep");
  CHECK(split("https://site.example/pages/x", std::nullopt, acme("/pages")) ==
        "https://site.example|/pages");
  CHECK(split("https://site.example/acmes/x") == "https://site.example|/acmes/x");
  CHECK(split("https://site.example/unknown/x") == "https://site.example|/unknown/x");
}

TEST_CASE("base URL: an explicit context path is made regular") {
  const std::string site = "https://site.example";
  CHECK(split(site, "/x") == site + "|/x");
  CHECK(split(site, "x/y/") == site + "|/x/y");
  CHECK(split(site, "/") == site + "|");
  CHECK(split(site, "") == site + "|");
  CHECK(split(site, "/", acme("/acme")) == site + "|");
}

TEST_CASE("base URL: URL and explicit context path must agree") {
  const std::string site = "https://site.example";
  CHECK(split(site + "/x", "/x") == site + "|/x");
  CHECK(split(site + "/x/browse/Y", "/x") == site + "|/x");
  CHECK(split(site + "/acme/deep", "/acme") == site + "|/acme");
  CHECK(split(site + "/browse/X-1", "/") == site + "|");
  CHECK(split(site + "/acme", "/") == "url.invalid");
  CHECK(split(site + "/acme", "/x") == "url.invalid");
  CHECK(split(site + "/xy", "/x") == "url.invalid");
  const auto both = split_base_url(site + "/acme", "/x", acme());
  CHECK(both.error().message == "the URL has the path /acme and the context path was given as /x");
}

TEST_CASE("base URL: what cannot be a base URL is refused") {
  CHECK(split("https://me:pw@site.example/") == "url.invalid");
  CHECK(split("https://site.example/?a=b") == "url.invalid");
  CHECK(split("https://site.example/#top") == "url.invalid");
  CHECK(split("https://site.example/a//b") == "url.invalid");
  CHECK(split("https://site.example/a/../b") == "url.invalid");
  CHECK(split("https://site.example/./b") == "url.invalid");
  CHECK(split("ftp://site.example/") == "url.invalid");
  CHECK(split("") == "url.invalid");
  const auto bare = split_base_url("site.example/acme", std::nullopt, acme());
  REQUIRE_FALSE(bare.has_value());
  CHECK(bare.error().next == "begin it with https://");
}

TEST_CASE("base URL: an explicit context path that is none is refused") {
  const std::string site = "https://site.example";
  for (const char* bad : {"/a?b", "/a#b", "a b", "/a//b", "..", "/./a", "/\xc3\xbc", "/%zz"}) {
    CAPTURE(bad);
    CHECK(split(site, bad) == "url.invalid");
  }
}

TEST_CASE("base URL: no message repeats a password") {
  const auto refused = split_base_url("https://me:hunter2@site.example/", std::nullopt, acme());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("hunter2") == std::string::npos);
  CHECK(refused.error().next.find("hunter2") == std::string::npos);
}

TEST_CASE("profile names: letters, digits and a few signs") {
  for (const char* good : {"a", "work", "Work.2_b-c", "0", "_x"}) {
    CAPTURE(good);
    CHECK(check_profile_name(good).has_value());
  }
  CHECK(check_profile_name(std::string(64, 'x')).has_value());
  for (const char* bad : {"", ".", "..", ".x", "-x", "a/b", "a b", "\xc3\xbc", "a\nb"}) {
    CAPTURE(bad);
    const Status checked = check_profile_name(bad);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::usage);
  }
  CHECK_FALSE(check_profile_name(std::string(65, 'x')).has_value());
  CHECK_FALSE(check_profile_name(std::string_view("a\0b", 3)).has_value());
}

TEST_SUITE_END();
