// SPDX-License-Identifier: Apache-2.0
#include "atlink/oauth1.h"
#include "tests/support/data.h"
#include "tests/support/scripted_random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

TEST_SUITE_BEGIN("core/oauth1");

using namespace atlink;
using namespace atlink::oauth1;

namespace {

constexpr std::array all_methods{SignatureMethod::rsa_sha1,
                                 SignatureMethod::rsa_sha256,
                                 SignatureMethod::hmac_sha1,
                                 SignatureMethod::hmac_sha256,
                                 SignatureMethod::plaintext};

Consumer consumer() {
  Consumer one;
  one.key = "key";
  one.private_key = RsaPrivateKey::parse(tests::data("keys/pkcs8.pem"), nullptr).value();
  one.secret = Secret("consumer&secret");
  return one;
}

ConsumerVerifier verifier() {
  ConsumerVerifier one;
  one.public_key = RsaPublicKey::parse(tests::data("keys/public.pem")).value();
  one.secret = Secret("consumer&secret");
  return one;
}

}  // namespace

TEST_CASE("signature methods: names go there and back, and case counts") {
  for (const SignatureMethod method : all_methods) {
    CHECK(signature_method(wire_name(method)) == method);
  }
  CHECK_FALSE(signature_method("rsa-sha1").has_value());
  CHECK_FALSE(signature_method("").has_value());
  CHECK(uses_rsa(SignatureMethod::rsa_sha256));
  CHECK_FALSE(uses_rsa(SignatureMethod::hmac_sha256));
}

TEST_CASE("signatures: every method verifies what it signed, and nothing else") {
  const Secret token("token secret");
  const Secret other("token secreT");
  for (const SignatureMethod method : all_methods) {
    CAPTURE(wire_name(method));
    const std::string good = sign(method, "text", consumer(), &token).value();
    const ConsumerVerifier known = verifier();
    CHECK(verify(method, "text", good, known, &token));
    CHECK_FALSE(verify(method, "text", good + "x", known, &token));
    CHECK_FALSE(verify(method, "text", "", known, &token));
    CHECK_FALSE(verify(method, "text", good.substr(0, good.size() - 1), known, &token));
    CHECK_FALSE(verify(method, "text", "\n" + good, known, &token));
    CHECK_FALSE(verify(method, "text", good, {}, &token));
    std::string changed = good;
    changed[3] = changed[3] == 'A' ? 'B' : 'A';
    CHECK_FALSE(verify(method, "text", changed, known, &token));
    CHECK(verify(method, "text", good, known, &other) == uses_rsa(method));
    CHECK(verify(method, "texu", good, known, &token) == (method == SignatureMethod::plaintext));
  }
}

TEST_CASE("signatures: no method takes what another one made") {
  const Secret token("t");
  for (const SignatureMethod made : all_methods) {
    const std::string signature = sign(made, "text", consumer(), &token).value();
    for (const SignatureMethod read : all_methods) {
      CHECK(verify(read, "text", signature, verifier(), &token) == (made == read));
    }
  }
}

TEST_CASE("signatures: PLAINTEXT is both secrets, encoded and joined") {
  const Secret token("tok en");
  CHECK(sign(SignatureMethod::plaintext, "", consumer(), &token).value() ==
        "consumer%26secret&tok%20en");
  CHECK(sign(SignatureMethod::plaintext, "", consumer(), nullptr).value() == "consumer%26secret&");
}

TEST_CASE("signatures: a token secret plays no part with RSA") {
  const Secret token("t");
  CHECK(sign(SignatureMethod::rsa_sha1, "text", consumer(), &token).value() ==
        sign(SignatureMethod::rsa_sha1, "text", consumer(), nullptr).value());
}

TEST_CASE("signatures: without a private key RSA says what is missing") {
  Consumer without;
  const auto result = sign(SignatureMethod::rsa_sha1, "text", without, nullptr);
  CHECK(result.error().code == ErrorCode::key_missing);
}

TEST_CASE("verification: an empty shared secret is nobody's") {
  const Consumer forger;
  const std::string forged = sign(SignatureMethod::hmac_sha1, "text", forger, nullptr).value();
  CHECK_FALSE(verify(SignatureMethod::hmac_sha1, "text", forged, {}, nullptr));
  ConsumerVerifier rsa_only = verifier();
  rsa_only.secret = Secret();
  CHECK_FALSE(verify(SignatureMethod::hmac_sha1, "text", forged, rsa_only, nullptr));
  CHECK_FALSE(verify(SignatureMethod::plaintext, "text", "&", rsa_only, nullptr));
}

TEST_CASE("nonces: 24 letters and digits, each byte value as likely as the other") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
  }
  std::array<int, 256> seen{};
  for (int start = 0; start < 256; start += 8) {
    std::string rotated = bytes;
    std::rotate(rotated.begin(), rotated.begin() + start, rotated.end());
    tests::ScriptedRandom random(rotated);
    const std::string nonce = make_nonce(random).value();
    CHECK(nonce.size() == 24);
    for (const char c : nonce) {
      CHECK(std::isalnum(static_cast<unsigned char>(c)) != 0);
      ++seen[static_cast<unsigned char>(c)];
    }
  }
  CHECK(std::count_if(seen.begin(), seen.end(), [](int n) { return n > 0; }) == 62);
}

TEST_CASE("nonces: bytes that would favour some letters are passed over") {
  tests::ScriptedRandom random(std::string(32, '\xF8') + std::string(40, '\xFF') +
                               std::string(24, '\x01'));
  CHECK(make_nonce(random).value() == std::string(24, 'B'));
  CHECK(random.used() == 96);
}

TEST_CASE("nonces: a random source that fails is not papered over") {
  tests::ScriptedRandom random("short");
  CHECK(make_nonce(random).error().code == ErrorCode::internal);
}

TEST_SUITE_END();
