// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace atlink::oauth1;

TEST_CASE("headers: parameters are encoded and quoted, the realm first") {
  CHECK(format_authorization({{"a", "1 2"}, {"realm", "R\"x"}, {"b%", ""}}) ==
        R"(OAuth realm="R%22x", a="1%202", b%25="")");
  CHECK(format_authorization({}) == "OAuth ");
}

TEST_CASE("headers: any bytes survive being written and read") {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += static_cast<char>(i);
  }
  const FormFields fields{{"realm", all}, {all, all}, {"oauth_token", ""}};
  CHECK(parse_authorization(format_authorization(fields)) == fields);
}

TEST_CASE("headers: what other clients write is read") {
  const FormFields expected{{"realm", "x"}, {"a", "1,2"}, {"b", "c d"}};
  for (const char* text : {"OAuth realm=\"x\",a=\"1%2C2\",b=\"c%20d\"",
                           "oauth  realm=\"x\" , a = \"1,2\",\tb=\"c d\"",
                           "OAUTH realm=x, a=1%2C2, b=c%20d,",
                           "OAuth ,realm=\"x\",,a=\"1,2\", b=\"c d\""}) {
    CAPTURE(text);
    CHECK(parse_authorization(text) == expected);
  }
  CHECK(parse_authorization("OAuth a=\"q\\\"uote\"") == FormFields{{"a", "q\"uote"}});
  CHECK(parse_authorization("OAuth a=\"x+y\"") == FormFields{{"a", "x+y"}});
}

TEST_CASE("headers: other schemes and broken ones are none") {
  for (const char* text : {"",
                           "Basic dXNlcjpwYXNz",
                           "Basic realm=\"x\"",
                           "OAuthX a=\"1\"",
                           "a=\"1\"",
                           "OAuth a=\"1",
                           "OAuth a=\"1\\",
                           "OAuth a=\"1\", \"b\"",
                           "OAuth =\"1\"",
                           "OAuth a=\"1\", Basic realm=\"x\"",
                           "OAuth a=\"1\" @"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_authorization(text).has_value());
  }
}

TEST_SUITE_END();
