// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <utility>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace atlink::oauth1;

namespace {

std::string uri(std::string_view url) {
  const auto result = base_string_uri(url);
  return result ? *result : std::string(name_of(result.error().code));
}

}  // namespace

TEST_CASE("base string URI: scheme and host are lowered, the path is left alone") {
  const std::initializer_list<std::pair<const char*, const char*>> cases{
      {"HTTP://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"},
      {"https://www.example.net:8080/?q=1", "https://www.example.net:8080/"},
      {"https://h:443", "https://h/"},
      {"https://h:80", "https://h:80/"},
      {"http://h:443/", "http://h:443/"},
      {"http://h:/p", "http://h/p"},
      {"http://h:?a=1", "http://h/"},
      {"http://h:0080/p", "http://h/p"},
      {"http://h?a=/b", "http://h/"},
      {"http://h#a/b?c", "http://h/"},
      {"http://h/a/../b/./c//", "http://h/a/../b/./c//"},
      {"http://h/%2f%2F;v=1", "http://h/%2f%2F;v=1"},
      {"http://[2001:DB8::AB]:80/p", "http://[2001:db8::ab]/p"},
      {"http://[::1]:8080", "http://[::1]:8080/"},
      {"http://user:p%40ss@h/p", "http://h/p"},
      {"http://user@x@h/p", "http://h/p"},
      {"http://h/p@q", "http://h/p@q"},
  };
  for (const auto& [url, expected] : cases) {
    const auto shown = url;  // clang 14 captures no binding
    CAPTURE(shown);
    CHECK(uri(url) == expected);
  }
}

TEST_CASE("base string URI: what cannot be on a wire is refused") {
  for (const char* url : {"",
                          "h/p",
                          "ftp://h/",
                          "://h/",
                          "http://",
                          "http:///p",
                          "http://:80/",
                          "http://user@/p",
                          "http://h:x/",
                          "http://h:65536/",
                          "http://h:0/",
                          "http://h:99999999999999999999/",
                          "http://[::1/p",
                          "http://[::1]8080/p",
                          "http://h/a b",
                          "http://h/a\r\nb",
                          "http://h/\x7F"}) {
    CAPTURE(url);
    CHECK(uri(url) == "url.invalid");
  }
}

TEST_CASE("normal form: parameters sort by encoded bytes, name first") {
  CHECK(normalize_parameters({}).empty());
  CHECK(normalize_parameters({{"b", "1"}, {"a", "2"}, {"a", "10"}, {"a", ""}}) ==
        "a=&a=10&a=2&b=1");
  // Encoded, "%" sorts before every letter and digit; decoded, "\xC3\xA9" would sort last.
  CHECK(normalize_parameters({{"z", "1"}, {"\xC3\xA9", "2"}, {"a", "3"}}) == "%C3%A9=2&a=3&z=1");
  CHECK(normalize_parameters({{"a b", "c&d=e"}}) == "a%20b=c%26d%3De");
  CHECK(normalize_parameters({{"ab", "1"}, {"a", "b=2"}, {"a", "b"}}) == "a=b&a=b%3D2&ab=1");
}

TEST_CASE("base string: query, OAuth parameters and form are one set") {
  const FormFields oauth{{"oauth_nonce", "n"}, {"realm", "r"}, {"oauth_signature", "s"}};
  const auto text = signature_base_string({"post", "http://H/p?b=2&a=%2B&&c", oauth, "a=+&d=é"});
  REQUIRE(text.has_value());
  CHECK(*text ==
        "POST&http%3A%2F%2Fh%2Fp&a%3D%2520%26a%3D%252B%26b%3D2%26c%3D%26d%3D%25C3%25A9%26"
        "oauth_nonce%3Dn");
}

TEST_CASE("base string: oauth_signature is left out wherever it stands, realm only in the header") {
  const FormFields none;
  const auto text = signature_base_string(
      {"GET", "http://h/?oauth_signature=s&realm=r&x=1", none, "oauth%5Fsignature=s&y=2"});
  CHECK(*text == "GET&http%3A%2F%2Fh%2F&realm%3Dr%26x%3D1%26y%3D2");
}

TEST_CASE("base string: a question mark in the query or fragment begins nothing") {
  const FormFields none;
  CHECK(*signature_base_string({"GET", "http://h/?a=?b", none, {}}) ==
        "GET&http%3A%2F%2Fh%2F&a%3D%253Fb");
  CHECK(*signature_base_string({"GET", "http://h/#?a=b", none, {}}) == "GET&http%3A%2F%2Fh%2F&");
}

TEST_CASE("base string: a broken URL is an error") {
  const FormFields none;
  CHECK(signature_base_string({"GET", "nowhere", none, {}}).error().code == ErrorCode::url_invalid);
}

TEST_CASE("base string: percent signs that encode nothing are characters") {
  const FormFields none;
  CHECK(*signature_base_string({"GET", "http://h/?a=%&b=%4&c=%zz&%41=1", none, {}}) ==
        "GET&http%3A%2F%2Fh%2F&A%3D1%26a%3D%2525%26b%3D%25254%26c%3D%2525zz");
}

TEST_CASE("base string: a hundred thousand parameters are no problem") {
  std::string query = "http://h/?";
  for (int i = 0; i < 100000; ++i) {
    query += "k" + std::to_string(i * 7919 % 100000) + "=v&";
  }
  const FormFields none;
  const auto text = signature_base_string({"GET", query, none, {}});
  REQUIRE(text.has_value());
  CHECK(text->find("&k0%3Dv%26k1%3Dv%26k10%3Dv%26k100%3Dv") != std::string::npos);
}

TEST_SUITE_END();
