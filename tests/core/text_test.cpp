// SPDX-License-Identifier: Apache-2.0
#include "atlink/text.h"

#include "atlink/url.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

TEST_SUITE_BEGIN("core/text");

using namespace atlink;

TEST_CASE("printable: ordinary text of any script stays as it is") {
  CHECK(printable("plain") == "plain");
  CHECK(printable("żółw 亀 🐢") == "żółw 亀 🐢");
  CHECK(printable("") == "");
}

TEST_CASE("printable: a run of line breaks and tabs becomes one space") {
  CHECK(printable("a\r\n\tb") == "a b");
  CHECK(printable("a\xE2\x80\xA8"
                  "b\xE2\x80\xA9"
                  "c") == "a b c");
  CHECK(printable("a\xC2\x85"
                  "b") == "a b");
}

TEST_CASE("printable: control characters, bidi marks and broken UTF-8 are replaced") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(printable("a\x1B[31mb") == "a" + mark + "[31mb");
  CHECK(printable(std::string_view("a\0b", 3)) == "a" + mark + "b");
  CHECK(printable("a\x7F") == "a" + mark);
  CHECK(printable("a\xC2\x9B"
                  "b") == "a" + mark + "b");
  CHECK(printable("a\xE2\x80\xAE"
                  "b") == "a" + mark + "b");
  CHECK(printable("a\xE2\x81\xA6"
                  "b") == "a" + mark + "b");
  CHECK(printable("a\xFF"
                  "b") == "a" + mark + "b");
}

TEST_CASE("printable: nothing that turns the direction of text around is left") {
  for (const char* mark : {"\xD8\x9C",
                           "\xE2\x80\x8E",
                           "\xE2\x80\x8F",
                           "\xE2\x80\xAA",
                           "\xE2\x80\xAB",
                           "\xE2\x80\xAC",
                           "\xE2\x80\xAD",
                           "\xE2\x80\xAE",
                           "\xE2\x81\xA6",
                           "\xE2\x81\xA7",
                           "\xE2\x81\xA8",
                           "\xE2\x81\xA9"}) {
    CHECK(printable(mark) == "\xEF\xBF\xBD");
  }
}

TEST_CASE("printable: text that is too long is cut at a character and says so") {
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdefg", 6) == "abc…");
  CHECK(printable("żżżżż", 8) == "żż…");
  CHECK(printable("abcdefg", 2).empty());
  for (std::size_t limit = 0; limit < 30; ++limit) {
    const std::string cut = printable("a żółw 亀 🐢 walks on and on", limit);
    CHECK(cut.size() <= limit);
    CHECK(is_utf8(cut));
  }
}

TEST_CASE("utf8: overlong forms, surrogates and what lies beyond Unicode are no UTF-8") {
  for (const char* good :
       {"", "a", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    CHECK(is_utf8(good));
  }
  for (const char* bad : {"\x80",
                          "\xC0\x80",
                          "\xC1\xBF",
                          "\xC2",
                          "\xE0\x9F\xBF",
                          "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80",
                          "\xE2\x82"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("percent encoding: everything but the unreserved characters is encoded") {
  CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encode(" +/&=%é*") == "%20%2B%2F%26%3D%25%C3%A9%2A");
  CHECK(percent_encode(std::string_view("\0\xFF", 2)) == "%00%FF");
}

TEST_CASE("percent decoding: a stray percent sign stays") {
  CHECK(percent_decode("%41%2f%C3%a9") == "A/é");
  CHECK(percent_decode("100%") == "100%");
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("%zz%41") == "%zzA");
  CHECK(percent_decode("a+b") == "a+b");
}

TEST_CASE("percent encoding and decoding undo each other for every byte") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
  }
  CHECK(percent_decode(percent_encode(bytes)) == bytes);
}

TEST_CASE("forms: plus is a space, empty pieces drop, a name alone has an empty value") {
  const FormFields fields = parse_form("a=1&&b&c=x+y%2B&a=2&=v&d=e=f");
  const FormFields expected{
      {"a", "1"}, {"b", ""}, {"c", "x y+"}, {"a", "2"}, {"", "v"}, {"d", "e=f"}};
  CHECK(fields == expected);
  CHECK(parse_form("").empty());
  CHECK(form_value(fields, "a").value() == "1");
  CHECK_FALSE(form_value(fields, "z").has_value());
}

TEST_CASE("forms: writing and reading give the same fields back") {
  const FormFields fields{{"a b", "c+d"}, {"é", "&="}, {"", ""}, {"x", ""}};
  CHECK(to_form(fields) == "a%20b=c%2Bd&%C3%A9=%26%3D&=&x=");
  CHECK(parse_form(to_form(fields)) == fields);
}

TEST_CASE("base64: the vectors of RFC 4648 section 10 in both directions") {
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"},
                                                                 {"\xFB\xFF\xFE", "+//+"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text).value() == bytes);
  }
}

TEST_CASE("base64: missing padding, white space, spare bits and other alphabets are refused") {
  for (const char* bad :
       {"Zg", "Zg=", "Zm9v\n", "Zm 9v", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "-_-_"}) {
    CHECK_FALSE(from_base64(bad).has_value());
  }
}

namespace {

TimePoint at(std::int64_t seconds) {
  return TimePoint(std::chrono::seconds(seconds));
}

}  // namespace

TEST_CASE("RFC 3339: writing gives UTC with whole seconds") {
  CHECK(to_rfc3339(at(0)) == "1970-01-01T00:00:00Z");
  CHECK(to_rfc3339(at(1769851800) + std::chrono::milliseconds(999)) == "2026-01-31T09:30:00Z");
  CHECK(to_rfc3339(at(-1)) == "1969-12-31T23:59:59Z");
}

TEST_CASE("RFC 3339: reading takes offsets, fractions and small letters") {
  CHECK(from_rfc3339("2026-01-31T09:30:00Z") == at(1769851800));
  CHECK(from_rfc3339("2026-01-31t10:30:00.123456789+01:00") == at(1769851800));
  CHECK(from_rfc3339("2026-01-31T00:00:00-09:30") == at(1769851800));
  CHECK(from_rfc3339("2024-02-29T00:00:00Z").has_value());
}

TEST_CASE("RFC 3339: what is no time is refused") {
  for (const char* bad : {"",
                          "2026-01-31",
                          "2026-01-31T09:30:00",
                          "2026-02-29T09:30:00Z",
                          "2026-13-01T09:30:00Z",
                          "2026-01-31T24:00:00Z",
                          "2026-01-31T09:60:00Z",
                          "2026-01-31T09:30:00.Z",
                          "2026-01-31T09:30:00Zx",
                          "2026-01-31T09:30:00+24:00",
                          "9999-01-31T09:30:00Z",
                          "0000-01-31T09:30:00Z",
                          "2026-1-31T09:30:00Z"}) {
    CHECK_FALSE(from_rfc3339(bad).has_value());
  }
}

TEST_CASE("HTTP dates: the three forms of RFC 9110 name the same second") {
  const TimePoint expected = at(784111777);
  CHECK(from_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
  CHECK(from_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
  CHECK(from_http_date("Sun Nov  6 08:49:37 1994") == expected);
  CHECK(from_http_date(" Sun, 06 Nov 1994 08:49:37 GMT ") == expected);
  CHECK(from_http_date("Wed, 16-Nov-22 08:49:37 GMT") == std::nullopt);
  CHECK(from_http_date("Wednesday, 16-Nov-22 08:49:37 GMT") == at(1668588577));
}

TEST_CASE("HTTP dates: anything else is none") {
  for (const char* bad : {"",
                          "0",
                          "120",
                          "Sun, 06 Nov 1994 08:49:37",
                          "Sun, 32 Nov 1994 08:49:37 GMT",
                          "Sun, 06 Foo 1994 08:49:37 GMT",
                          "2026-01-31T09:30:00Z"}) {
    CHECK_FALSE(from_http_date(bad).has_value());
  }
}

TEST_CASE("ascii: comparing, lowering and trimming leave other bytes alone") {
  CHECK(equals_ignoring_case("Content-TYPE", "content-type"));
  CHECK_FALSE(equals_ignoring_case("a", "ab"));
  CHECK_FALSE(equals_ignoring_case("[", "{"));
  CHECK(to_lower("AbÉ[") == "abÉ[");
  CHECK(trim(" \t\r\n a b \n") == "a b");
  CHECK(trim(" \n").empty());
}

TEST_SUITE_END();
