// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/digest.h"

#include "atlink/sha256.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

TEST_SUITE_BEGIN("core/crypto");

using namespace atlink;
using namespace atlink::crypto;

namespace {

std::string hex(const Result<DigestValue>& value) {
  REQUIRE(value.has_value());
  std::string text;
  for (const char c : value->view()) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

}  // namespace

TEST_CASE("digests: the examples of FIPS 180") {
  CHECK(hex(digest(Hash::sha1, "abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex(digest(Hash::sha256, "abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(digest(Hash::sha1, "")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST_CASE("HMAC: the examples of RFC 2202 and RFC 4231") {
  CHECK(hex(hmac(Hash::sha1, "Jefe", "what do ya want for nothing?")) ==
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(hex(hmac(Hash::sha256, "Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("HMAC: a key longer than a block is hashed first") {
  CHECK(hex(hmac(Hash::sha1,
                 std::string(80, '\xAA'),
                 "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST_CASE("digest: the public hash is hexadecimal, in lower case") {
  // FIPS 180-4, the example of one block.
  CHECK(atlink::sha256("abc").value() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_SUITE_END();
