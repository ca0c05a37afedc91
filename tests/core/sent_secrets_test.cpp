// SPDX-License-Identifier: Apache-2.0
#include "core/http/sent_secrets.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/http");

using namespace atlink;
using http::SentSecrets;

TEST_CASE("sent secrets: what OAuth 1.0a signs with is hidden, and its other parameters are not") {
  SentSecrets sent;
  const std::string header =
      R"x(OAuth oauth_consumer_key="build-robot", oauth_token="the-token", )x"
      R"x(oauth_signature_method="RSA-SHA1", oauth_signature="aGVsbG8%2Bd29ybGQ%3D")x";
  sent.take(Headers{{"Authorization", header}});
  CHECK(sent.hide("you sent: " + header) ==
        R"x(you sent: OAuth oauth_consumer_key="build-robot", oauth_token="(hidden)", )x"
        R"x(oauth_signature_method="RSA-SHA1", oauth_signature="(hidden)")x");
  CHECK(sent.hide("aGVsbG8+d29ybGQ=") == "(hidden)");
}

TEST_CASE("sent secrets: tokens, passwords and cookies of headers are hidden") {
  SentSecrets sent;
  sent.take(Headers{{"Authorization", "Basic YWxpY2U6d29uZGVybGFuZA=="},
                    {"X-Api-Key", "key-of-the-api"},
                    {"Cookie", "theme=dark; JSESSIONID=0123456789"},
                    {"Accept", "application/json"}});
  CHECK(sent.hide("Basic YWxpY2U6d29uZGVybGFuZA==") == "Basic (hidden)");
  CHECK(sent.hide("alice, wonderland") == "alice, (hidden)");
  CHECK(sent.hide("key-of-the-api JSESSIONID=0123456789") == "(hidden) JSESSIONID=(hidden)");
  CHECK(sent.hide("application/json") == "application/json");
  SentSecrets bearer;
  bearer.take(Headers{{"Authorization", "Bearer some.long:token"}});
  CHECK(bearer.hide("Bearer some.long:token is bad") == "Bearer (hidden) is bad");
}

TEST_CASE("sent secrets: fields are hidden by their names") {
  SentSecrets sent;
  sent.take(FormFields{{"grant_type", "refresh_token"},
                       {"refresh_token", "r-123 456"},
                       {"token_type_hint", "refresh_token"},
                       {"key", "PROJECT"},
                       {"password", "abc"}});
  CHECK(sent.hide("the refresh_token r-123 456 (r-123%20456) of PROJECT and abcdef") ==
        "the refresh_token (hidden) ((hidden)) of PROJECT and abcdef");
}

TEST_CASE("sent secrets: the beginning of one is hidden where dots cut it off") {
  SentSecrets sent;
  sent.take("0123456789");
  CHECK(sent.hide("it is 0123456\xE2\x80\xA6") == "it is (hidden)\xE2\x80\xA6");
  CHECK(sent.hide("0123\xE2\x80\xA6 and 01234567\xE2\x80\xA6") ==
        "(hidden)\xE2\x80\xA6 and (hidden)\xE2\x80\xA6");
  CHECK(sent.hide("it is 012\xE2\x80\xA6") == "it is 012\xE2\x80\xA6");
  CHECK(sent.hide("\xE2\x80\xA6") == "\xE2\x80\xA6");
}

TEST_CASE("sent secrets: what follows a scheme is hidden unless it is a word") {
  const SentSecrets nothing;
  CHECK(nothing.hide("got Basic YWxpY2U6d29uZGVybGFuZA== from you") ==
        "got Basic (hidden) from you");
  CHECK(nothing.hide("\"Bearer abcdefg8\"") == "\"Bearer (hidden)\"");
  CHECK(nothing.hide("Basic Authentication has been disabled; Bearer tokens") ==
        "Basic Authentication has been disabled; Bearer tokens");
  CHECK(nothing.hide("Basic ") == "Basic ");
}

TEST_CASE("sent secrets: message, next step and facts of an error are cleaned") {
  SentSecrets sent;
  sent.take("wonderland");
  const Error error =
      sent.hide(make_error(ErrorCode::answer_invalid, "no wonderland here", "ask wonderland")
                    .with("url", "https://site.example/wonderland"));
  CHECK(error.message == "no (hidden) here");
  CHECK(error.next == "ask (hidden)");
  CHECK(error.fact("url") == "https://site.example/(hidden)");
}
