// SPDX-License-Identifier: Apache-2.0
#include "atlink/scrub.h"

#include "atlink/text.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/text");

using namespace atlink;

TEST_CASE("scrub: takes out secrets as they are and encoded, and leaves what is too short") {
  Scrub scrub;
  scrub.hide("");
  scrub.hide("ab");
  scrub.hide("se/cret");
  CHECK(scrub.clean("ab se/cret, se%2Fcret and se/cret") == "ab (hidden), (hidden) and (hidden)");
  const Error error = scrub.clean(
      make_error(ErrorCode::internal, "has se/cret", "no se/cret").with("url", "x?se%2Fcret"));
  CHECK(error.message == "has (hidden)");
  CHECK(error.next == "no (hidden)");
  CHECK(error.fact("url") == "x?(hidden)");
}

TEST_CASE("scrub: names say what holds a secret") {
  for (const char* name :
       {"oauth_token", "oauth_signature", "oauth_verifier", "oauth_session_handle", "Cookie"}) {
    CAPTURE(name);
    CHECK(holds_secret(name));
  }
  for (const char* name : {"oauth_signature_method", "oauth_nonce", "key", "Accept"}) {
    CAPTURE(name);
    CHECK_FALSE(holds_secret(name));
  }
}

TEST_CASE("scrub: hides the beginning of a secret that printable has cut") {
  Scrub scrub;
  scrub.hide("a-token-that-is-rather-long");
  CHECK(scrub.clean(printable("you sent a-token-that-is-rather-long", 25)).find("a-tok") ==
        std::string::npos);
}

TEST_SUITE_END();
