// SPDX-License-Identifier: Apache-2.0
#include "core/http/header_rules.h"

#include "core/http/redact.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

namespace {

Product product_with(std::vector<ExtraHeader> headers) {
  Product product;
  product.id = "acme";
  product.headers = std::move(headers);
  return product;
}

}  // namespace

TEST_CASE("request headers: defaults come where nothing else is said") {
  const Headers headers = http::request_headers({}, Product(), "GET").value();
  CHECK(headers.find("Accept").value() == "application/json");
  CHECK(headers.find("User-Agent").value().substr(0, 7) == "atlink/");
  CHECK(headers.size() == 2);
}

TEST_CASE("request headers: the caller's win over the product's, and those over our own") {
  const Product product = product_with({{"X-Acme", "product", {}}, {"Accept", "text/x", {}}});
  const Headers headers =
      http::request_headers({{"x-acme", "caller"}, {"X-Two", "1"}, {"X-Two", "2"}}, product, "GET")
          .value();
  CHECK(headers.all("X-Acme") == std::vector<std::string_view>{"caller"});
  CHECK(headers.all("Accept") == std::vector<std::string_view>{"text/x"});
  CHECK(headers.all("x-two") == std::vector<std::string_view>{"1", "2"});
}

TEST_CASE("request headers: a product's header goes with its methods only") {
  const Product product = product_with({{"X-Acme", "1", {"POST", "PUT"}}});
  CHECK(http::request_headers({}, product, "POST").value().find("X-Acme").has_value());
  CHECK_FALSE(http::request_headers({}, product, "GET").value().find("X-Acme").has_value());
}

TEST_CASE("request headers: what follows from the request cannot be set") {
  for (const char* name :
       {"Authorization", "authorization", "Host", "CONTENT-LENGTH", "Transfer-Encoding"}) {
    CAPTURE(name);
    const auto refused = http::request_headers({{name, "hunter2"}}, Product(), "GET");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::header_invalid);
    CHECK(refused.error().message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("request headers: line breaks are refused from the caller and from the product") {
  CHECK(http::request_headers({{"X", "a\r\nB: c"}}, Product(), "GET").error().code ==
        ErrorCode::header_invalid);
  CHECK(http::request_headers({}, product_with({{"X", "a\nb", {}}}), "GET").error().code ==
        ErrorCode::plugin_invalid);
  CHECK(http::request_headers({}, product_with({{"Authorization", "x", {}}}), "GET").error().code ==
        ErrorCode::plugin_invalid);
}

TEST_CASE("request headers: a stranger gets only what is known to be harmless") {
  const Headers all{{"Accept", "a"},
                    {"User-Agent", "u"},
                    {"range", "bytes=0-1"},
                    {"Authorization", "x"},
                    {"Cookie", "x"},
                    {"X-Api-Key", "x"},
                    {"Content-Type", "x"}};
  const Headers kept = http::headers_for_stranger(all);
  CHECK(kept.size() == 3);
  CHECK(kept.find("Range").has_value());
  CHECK_FALSE(kept.find("X-Api-Key").has_value());
}

TEST_CASE("request headers: a form is known by its media type, whatever follows it") {
  CHECK(http::is_form({{"content-type", "Application/X-WWW-Form-Urlencoded ; charset=UTF-8"}}));
  CHECK_FALSE(http::is_form({{"Content-Type", "application/json"}}));
  CHECK_FALSE(http::is_form({}));
}

TEST_CASE("redaction: names that may hold secrets are known however they are written") {
  for (const char* name : {"Authorization",
                           "Proxy-Authorization",
                           "Cookie",
                           "Set-Cookie",
                           "oauth_token",
                           "oauth_token_secret",
                           "OAUTH_SIGNATURE",
                           "oauth_verifier",
                           "oauth_session_handle",
                           "access_token",
                           "client_secret",
                           "os_password",
                           "X-Api-Key",
                           "jwt",
                           "code",
                           "sig",
                           "X-Amz-Security-Token",
                           "X-Amz-Signature"}) {
    CAPTURE(name);
    CHECK(http::is_secret_name(name));
  }
  for (const char* name :
       {"Accept", "oauth_nonce", "oauth_consumer_key", "page", "codec", "keyword"}) {
    CAPTURE(name);
    CHECK_FALSE(http::is_secret_name(name));
  }
}

TEST_CASE("redaction: URLs are shown without the values of secret fields") {
  const Url url =
      Url::parse("https://a/x;jsessionid=ABC?a=1&oauth%5Ftoken=hunter2&b&sig=hunter2&c=3").value();
  CHECK(http::shown_url(url) == "https://a/x?a=1&oauth%5Ftoken=(hidden)&b&sig=(hidden)&c=3");
  CHECK(http::shown_url(Url::parse("https://a/x").value()) == "https://a/x");
  CHECK(http::shown_url(Url::parse("https://a/x?").value()) == "https://a/x?");
}

TEST_SUITE_END();
