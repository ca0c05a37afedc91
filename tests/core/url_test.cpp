// SPDX-License-Identifier: Apache-2.0
#include "atlink/url.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;

namespace {

std::string canonical(std::string_view text) {
  const auto url = Url::parse(text);
  return url ? url->str() : "refused: " + url.error().message;
}

}  // namespace

TEST_CASE("url: scheme and host are lowered, default ports dropped, the rest stays byte for byte") {
  CHECK(canonical("HTTPS://Site.EXAMPLE:443/A%2fb/%C3%a9?Q=%7e&x=[1]+~") ==
        "https://site.example/A%2fb/%C3%a9?Q=%7e&x=[1]+~");
  CHECK(canonical("http://site.example:80") == "http://site.example/");
  CHECK(canonical("http://site.example:443") == "http://site.example:443/");
  CHECK(canonical("https://site.example?x") == "https://site.example/?x");
  CHECK(canonical("http://a//b/../c/.") == "http://a//b/../c/.");
  CHECK(canonical("https://under_score.example/") == "https://under_score.example/");
}

TEST_CASE("url: the parts are where they belong") {
  const Url url = Url::parse("https://[2001:DB8::1]:8443/a/b?c=d?e").value();
  CHECK(url.is_https());
  CHECK(url.scheme() == "https");
  CHECK(url.host() == "[2001:db8::1]");
  CHECK(url.port() == 8443);
  CHECK(url.origin() == "https://[2001:db8::1]:8443");
  CHECK(url.path() == "/a/b");
  CHECK(url.query().value() == "c=d?e");
  CHECK(url.target() == "/a/b?c=d?e");
}

TEST_CASE("url: no query and an empty one are different") {
  CHECK_FALSE(Url::parse("http://a/").value().query().has_value());
  CHECK(Url::parse("http://a/?").value().query().value().empty());
  CHECK(Url::parse("http://a/?").value().str() == "http://a/?");
  CHECK(Url::parse("http://a/").value().port() == 80);
  CHECK(Url::parse("https://a/").value().port() == 443);
}

TEST_CASE("url: IPv6 addresses are written as RFC 5952 wants") {
  CHECK(canonical("http://[0:0:0:0:0:0:0:1]/") == "http://[::1]/");
  CHECK(canonical("http://[2001:0DB8:0:0:1:0:0:1]/") == "http://[2001:db8::1:0:0:1]/");
  CHECK(canonical("http://[2001:db8:0:1:1:1:1:1]/") == "http://[2001:db8:0:1:1:1:1:1]/");
  CHECK(canonical("http://[::ffff:192.0.2.1]:8080/") == "http://[::ffff:192.0.2.1]:8080/");
  CHECK(canonical("http://[::]/") == "http://[::]/");
}

TEST_CASE("url: each thing that cannot be signed and sent unchanged is refused by name") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"ftp://a/", "http:// or https://"},
      {"site.example/x", "http:// or https://"},
      {"http:/a", "http:// or https://"},
      {"", "http:// or https://"},
      {"http://", "no host"},
      {"http:///x", "no host"},
      {"http://:80/", "no host"},
      {"http://user@a/", "user information"},
      {"http://user:pa@a/", "user information"},
      {"http://a/x#y", "fragment"},
      {"http://a#y", "fragment"},
      {"http://a/x y", "space at position 11"},
      {"http://a/x\ty", "control character at position 11"},
      {"http://a/x\x7F", "control character"},
      {"http://a/\xC3\xA9", "beyond ASCII at position 10"},
      {"http://a/%", "percent sign"},
      {"http://a/%4", "percent sign"},
      {"http://a/?%zz", "percent sign"},
      {"http://a/\"", "\"\"\""},
      {"http://a/<", "\"<\""},
      {"http://a/\\b", "\"\\\""},
      {"http://a/^", "\"^\""},
      {"http://a/`", "\"`\""},
      {"http://a/{x}", "\"{\""},
      {"http://a/a|b", "\"|\""},
      {"http://a..b/", "empty part"},
      {"http://.a/", "empty part"},
      {"http://a./", "ends in a dot"},
      {"http://a b/", "no host name"},
      {"http://a%2eb/", "no host name"},
      {"http://a\\b/", "no host name"},
      {"http://b\xC3\xBC"
       "cher.example/",
       "not ASCII"},
      {"http://" + std::string(64, 'a') + "/", "63"},
      {"http://127.1/", "plain IPv4"},
      {"http://0x7f000001/", "plain IPv4"},
      {"http://0x7F.1/", "plain IPv4"},
      {"http://2130706433/", "plain IPv4"},
      {"http://127.0.0.01/", "plain IPv4"},
      {"http://127.0.0.256/", "plain IPv4"},
      {"http://1.2.3.4.5/", "plain IPv4"},
      {"http://a.1/", "plain IPv4"},
      {"http://[fe80::1%25eth0]/", "zone"},
      {"http://[fe80::1%eth0]/", "zone"},
      {"http://[::1/", "bracket"},
      {"http://[]/", "no IPv6"},
      {"http://[1::2::3]/", "no IPv6"},
      {"http://[::1]x/", "bracket"},
      {"http://a:0/", "port"},
      {"http://a:65536/", "port"},
      {"http://a:080/", "port"},
      {"http://a:/", "port"},
      {"http://a:8x/", "port"},
      {"http://a:-1/", "port"},
      {"http://::1/", "port"},
  };
  for (const auto& [given, word] : cases) {
    // A copy, since clang 14 captures no structured binding.
    const std::string text = given;
    CAPTURE(text);
    const auto url = Url::parse(text);
    REQUIRE_FALSE(url.has_value());
    CHECK(url.error().code == ErrorCode::url_invalid);
    CHECK_MESSAGE(url.error().message.find(word) != std::string::npos, url.error().message);
  }
}

TEST_CASE("url: what is refused with a remedy names it") {
  CHECK(Url::parse("http://b\xC3\xBC"
                   "cher.example/")
            .error()
            .next.find("xn--") != std::string::npos);
  CHECK(Url::parse("http://a/x y").error().next.find("%20") != std::string::npos);
  CHECK(Url::parse("http://a/{").error().next.find("%7B") != std::string::npos);
}

TEST_CASE("url: user information is never repeated in the error") {
  const auto url = Url::parse("https://me:hunter2@site.example/");
  CHECK(url.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("url: what parse gives, parse takes unchanged") {
  for (const char* text :
       {"HTTP://A:80?x", "https://[::FFFF:1.2.3.4]:443/%aa", "http://a:8080/?"}) {
    const std::string once = canonical(text);
    CHECK(canonical(once) == once);
  }
}

TEST_CASE("url: loopback is 127.0.0.0/8, [::1], localhost and names below it") {
  for (const char* text : {"http://127.0.0.1/",
                           "http://127.200.3.4:99/",
                           "http://[::1]/",
                           "http://localhost/",
                           "https://LOCALHOST:8080/",
                           "http://acme.localhost/"}) {
    CHECK(Url::parse(text).value().is_loopback());
  }
  for (const char* text : {"http://128.0.0.1/",
                           "http://127.0.0.1.example/",
                           "http://notlocalhost/",
                           "http://localhost.example/",
                           "http://[::2]/",
                           "http://1.127.0.1/"}) {
    CHECK_FALSE(Url::parse(text).value().is_loopback());
  }
}

TEST_CASE("url: origins are the same only when scheme, host and port are") {
  const Url url = Url::parse("https://a.example/x").value();
  CHECK(url.same_origin(Url::parse("https://A.example:443/y?z").value()));
  for (const char* other : {"http://a.example/x",
                            "https://a.example:444/x",
                            "https://b.example/x",
                            "https://a.example.evil/x"}) {
    CHECK_FALSE(url.same_origin(Url::parse(other).value()));
  }
}

TEST_CASE("url: references resolve as the examples of RFC 3986 section 5.4 say") {
  const Url base = Url::parse("http://a/b/c/d;p?q").value();
  const std::vector<std::pair<std::string, std::string>> examples{
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {"g?y#s", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"http://h/../x", "http://h/x"},
      {"HTTPS://H:443/x", "https://h/x"},
  };
  for (const auto& [given, expected] : examples) {
    const std::string reference = given;
    CAPTURE(reference);
    const auto url = base.resolve(reference);
    REQUIRE(url.has_value());
    CHECK(url->str() == expected);
  }
}

TEST_CASE("url: stray characters of a Location are encoded as browsers do") {
  const Url base = Url::parse("https://a/x").value();
  CHECK(base.resolve("/caf\xC3\xA9 1|2").value().str() == "https://a/caf%C3%A9%201%7C2");
  CHECK(base.resolve(" /y ").value().str() == "https://a/y");
  CHECK(base.resolve("/a%2fb").value().str() == "https://a/a%2fb");
}

TEST_CASE("url: references that lead to no web address are refused") {
  const Url base = Url::parse("https://a/x").value();
  for (const char* reference : {"ftp://b/",
                                "javascript:alert(1)",
                                "mailto:x",
                                "//",
                                "\\\\evil\\x",
                                "/\\evil",
                                "//u:p@b/",
                                "http://b:0/",
                                "/%",
                                "/a\x01z"}) {
    CAPTURE(reference);
    const auto url = base.resolve(reference);
    REQUIRE_FALSE(url.has_value());
    CHECK(url.error().code == ErrorCode::url_invalid);
  }
}

TEST_CASE("url: a query grows by what is added") {
  CHECK(Url::parse("http://a/").value().with_query("x=1").value().str() == "http://a/?x=1");
  CHECK(Url::parse("http://a/?").value().with_query("x=1").value().str() == "http://a/?x=1");
  CHECK(Url::parse("http://a/?y").value().with_query("x=1").value().str() == "http://a/?y&x=1");
  CHECK(Url::parse("http://a/?y").value().with_query("").value().str() == "http://a/?y");
  CHECK_FALSE(Url::parse("http://a/").value().with_query("x y").has_value());
}

TEST_SUITE_END();
