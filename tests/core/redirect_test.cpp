// SPDX-License-Identifier: Apache-2.0
#include "core/http/redirect.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

namespace {

Result<http::Redirect> from(std::string_view url,
                            int status,
                            std::string_view method,
                            std::string location) {
  return http::follow(
      {status, {{"Location", std::move(location)}}}, Url::parse(url).value(), method);
}

std::string refusal(const Result<http::Redirect>& redirect) {
  REQUIRE_FALSE(redirect.has_value());
  CHECK(redirect.error().code == ErrorCode::answer_redirect);
  return redirect.error().message + " | " + redirect.error().next;
}

}  // namespace

TEST_CASE("redirects: five statuses ask to go elsewhere") {
  for (const int status : {301, 302, 303, 307, 308}) {
    CHECK(http::is_redirect(status));
  }
  for (const int status : {200, 300, 304, 305, 306, 400}) {
    CHECK_FALSE(http::is_redirect(status));
  }
}

TEST_CASE("redirects: a POST becomes a GET after 301, 302 and 303 and stays after 307 and 308") {
  for (const int status : {301, 302, 303}) {
    const auto redirect = from("https://a/x", status, "POST", "/y").value();
    CHECK(redirect.method == "GET");
    CHECK_FALSE(redirect.keeps_body);
    CHECK(redirect.url.str() == "https://a/y");
  }
  for (const int status : {307, 308}) {
    const auto redirect = from("https://a/x", status, "POST", "/y").value();
    CHECK(redirect.method == "POST");
    CHECK(redirect.keeps_body);
  }
}

TEST_CASE("redirects: other methods change after 303 only, and HEAD never") {
  CHECK(from("https://a/x", 302, "PUT", "/y").value().method == "PUT");
  CHECK(from("https://a/x", 301, "DELETE", "/y").value().method == "DELETE");
  CHECK(from("https://a/x", 303, "PUT", "/y").value().method == "GET");
  CHECK(from("https://a/x", 303, "HEAD", "/y").value().method == "HEAD");
}

TEST_CASE("redirects: a Location may be relative, absolute, or on another origin") {
  CHECK(from("https://a/x/y", 302, "GET", "z?q").value().url.str() == "https://a/x/z?q");
  CHECK(from("https://a/x", 302, "GET", "https://b/y#part").value().url.str() == "https://b/y");
  CHECK(from("http://a/x", 302, "GET", "https://b/y").value().url.str() == "https://b/y");
}

TEST_CASE("redirects: never from https to http") {
  CHECK(refusal(from("https://a/x", 302, "GET", "http://a/x")).find("plain http") !=
        std::string::npos);
  refusal(from("https://a/x", 302, "GET", "http://b/x"));
}

TEST_CASE("redirects: http to https on the same host says which URL the profile should have") {
  CHECK(refusal(from("http://a:8080/acme/x", 301, "GET", "https://a/acme/x")).find("https://a") !=
        std::string::npos);
}

TEST_CASE("redirects: no Location and one that is no web address are refused") {
  CHECK(refusal(http::follow({302, {}}, Url::parse("https://a/x").value(), "GET"))
            .find("no Location") != std::string::npos);
  refusal(from("https://a/x", 302, "GET", "javascript:alert(1)"));
  refusal(from("https://a/x", 302, "GET", "https://me:pw@b/"));
}

TEST_CASE("redirects: OAuth parameters that a server copied along are taken out") {
  const char* location =
      "/y?a=1&oauth_token=t&oauth_signature=s%3D&oauth_nonce=n&b=2&oauth_verifier=v";
  CHECK(from("https://a/x", 302, "GET", location).value().url.str() ==
        "https://a/y?a=1&b=2&oauth_verifier=v");
  CHECK(from("https://a/x", 302, "GET", "/y?oauth%5Ftoken=t").value().url.str() == "https://a/y");
  CHECK(from("https://a/x", 302, "GET", "/y?&&a").value().url.str() == "https://a/y?&&a");
}

TEST_SUITE_END();
