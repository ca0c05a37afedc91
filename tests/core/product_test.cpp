// SPDX-License-Identifier: Apache-2.0
#include "atlink/product.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

namespace {

BaseUrl base(std::string_view site, std::string_view context) {
  return BaseUrl::make(Url::parse(site).value(), context).value();
}

std::string requested(const BaseUrl& from, std::string_view path) {
  const auto url = from.request_url(path);
  return url ? url->str() : std::string(name_of(url.error().code));
}

}  // namespace

TEST_CASE("base URL: site and context path are put together") {
  const BaseUrl acme = base("HTTPS://Site.Example:443", "/acme");
  CHECK(acme.str() == "https://site.example/acme");
  CHECK(acme.context_path() == "/acme");
  CHECK(acme.site().str() == "https://site.example/");
  CHECK(base("http://a:8080/", "").str() == "http://a:8080");
  CHECK(base("http://a", "/a/b").str() == "http://a/a/b");
}

TEST_CASE("base URL: what is no site or no context path is refused") {
  const Url site = Url::parse("https://a").value();
  for (const char* context :
       {"acme", "/", "/acme/", "//acme", "/a//b", "/a?b", "/a#b", "/a b", "/../x", "/%2e"}) {
    CAPTURE(context);
    CHECK(BaseUrl::make(site, context).error().code == ErrorCode::url_invalid);
  }
  CHECK(BaseUrl::make(Url::parse("https://a/b").value(), "").error().code ==
        ErrorCode::url_invalid);
  CHECK(BaseUrl::make(Url::parse("https://a/?b").value(), "").error().code ==
        ErrorCode::url_invalid);
}

TEST_CASE("base URL: one text says site and context path") {
  const auto parsed = [](std::string_view text) {
    const auto url = BaseUrl::parse(text);
    return url ? url->site().str() + "|" + url->context_path()
               : std::string(name_of(url.error().code));
  };
  CHECK(parsed("https://site.example") == "https://site.example/|");
  CHECK(parsed("HTTPS://Site.Example:443/") == "https://site.example/|");
  CHECK(parsed("http://[::1]:8080/acme") == "http://[::1]:8080/|/acme");
  CHECK(parsed("https://site.example/a/b//") == "https://site.example/|/a/b");
  for (const char* text : {"",
                           "site.example/acme",
                           "https://a/acme?x",
                           "https://a/?",
                           "https://a//b",
                           "https://a/.."}) {
    CAPTURE(text);
    CHECK(parsed(text) == "url.invalid");
  }
  CHECK(BaseUrl::parse("https://a/acme?x").error().next ==
        "give the address of the installation alone, without \"?\" and what follows");
}

TEST_CASE("base URL: endpoints are relative to the base URL or to the site") {
  const BaseUrl acme = base("https://a", "/acme");
  CHECK(acme.at({"/oauth/x", EndpointPath::RelativeTo::base}).value().str() ==
        "https://a/acme/oauth/x");
  CHECK(acme.at({"/oauth/x", EndpointPath::RelativeTo::site}).value().str() == "https://a/oauth/x");
  CHECK(acme.at({"/x.cgi", EndpointPath::RelativeTo::site, {{"at", "a/b c"}, {"v", "1"}}})
            .value()
            .str() == "https://a/x.cgi?at=a%2Fb%20c&v=1");
  CHECK(acme.at({"x", EndpointPath::RelativeTo::base}).error().code == ErrorCode::url_invalid);
  CHECK(acme.at({"", EndpointPath::RelativeTo::base}).error().code == ErrorCode::url_invalid);
}

TEST_CASE("base URL: a path is relative to it, with or without a slash in front") {
  const BaseUrl acme = base("https://a", "/acme");
  CHECK(requested(acme, "/rest/x?y=%20z") == "https://a/acme/rest/x?y=%20z");
  CHECK(requested(acme, "rest/x") == "https://a/acme/rest/x");
  CHECK(requested(acme, "") == "https://a/acme/");
  CHECK(requested(acme, "?q=1") == "https://a/acme/?q=1");
  CHECK(requested(acme, "/acmes/x") == "https://a/acme/acmes/x");
  CHECK(requested(acme, "/go?to=http://b/") == "https://a/acme/go?to=http://b/");
  CHECK(requested(base("https://a", ""), "/rest") == "https://a/rest");
}

TEST_CASE("base URL: a full URL at or below it is taken") {
  const BaseUrl acme = base("https://a", "/acme");
  CHECK(requested(acme, "https://A:443/acme/rest/x") == "https://a/acme/rest/x");
  CHECK(requested(acme, "https://a/acme?x") == "https://a/acme?x");
  CHECK(requested(acme, "https://a/acme/acme/x") == "https://a/acme/acme/x");
  CHECK(requested(base("https://a", ""), "https://a/anything") == "https://a/anything");
}

TEST_CASE("base URL: another origin, and the same site outside the context path, are refused") {
  const BaseUrl acme = base("https://a", "/acme");
  for (const char* url : {"http://a/acme/x",
                          "https://b/acme/x",
                          "https://a:8443/acme/x",
                          "https://a/other/x",
                          "https://a/acmes",
                          "https://a/"}) {
    CAPTURE(url);
    CHECK(requested(acme, url) == "url.other_origin");
  }
  CHECK(requested(acme, "ftp://a/acme/x") == "url.invalid");
  CHECK(requested(acme, "//b/x") == "url.invalid");
}

TEST_CASE("base URL: a path that repeats the context path is diagnosed with the right one") {
  const BaseUrl acme = base("https://a", "/acme");
  for (const char* path : {"/acme/rest/x", "acme/rest/x"}) {
    const auto url = acme.request_url(path);
    REQUIRE_FALSE(url.has_value());
    CHECK(url.error().code == ErrorCode::url_context_doubled);
    CHECK(url.error().next.find("write /rest/x") != std::string::npos);
  }
  CHECK(requested(acme, "/acme") == "url.context_doubled");
  CHECK(requested(acme, "/acme?x") == "url.context_doubled");
  CHECK(requested(base("https://a", "/a/b"), "/a/b/c") == "url.context_doubled");
  CHECK(requested(base("https://a", "/a/b"), "/b/c") == "https://a/a/b/b/c");
}

TEST_CASE("base URL: dot segments cannot lead out of it, however they are written") {
  const BaseUrl acme = base("https://a", "/acme");
  for (const char* path : {"/../x", "..", "/rest/%2e%2E/x", "/./x", "https://a/acme/../x"}) {
    CAPTURE(path);
    CHECK(requested(acme, path) == "url.invalid");
  }
  CHECK(requested(acme, "/..x/y...?a=/../b") == "https://a/acme/..x/y...?a=/../b");
}

TEST_CASE("templates: names are replaced and doubled braces are braces") {
  const TemplateValues values{{"base_url", "https://a/acme"}, {"empty", ""}};
  CHECK(expand("{base_url}/x{empty} {{x}}", values).value() == "https://a/acme/x {x}");
  CHECK(expand("", values).value().empty());
  CHECK(expand("{{{base_url}}}", values).value() == "{https://a/acme}");
}

TEST_CASE("templates: unknown names and lone braces are the plugin's mistake") {
  for (const char* text : {"{secret}", "{", "a}b", "{base_url", "{}"}) {
    CAPTURE(text);
    CHECK(expand(text, {{"base_url", "x"}}).error().code == ErrorCode::plugin_invalid);
  }
}

TEST_CASE("deployments: their names read back") {
  CHECK(deployment_from(to_string(Deployment::cloud)) == Deployment::cloud);
  CHECK(deployment_from(to_string(Deployment::data_center)) == Deployment::data_center);
  CHECK_FALSE(deployment_from("Cloud").has_value());
}

TEST_SUITE_END();
