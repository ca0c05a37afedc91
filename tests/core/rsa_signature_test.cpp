// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "atlink/text.h"
#include "tests/support/data.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

TEST_SUITE_BEGIN("core/crypto");

using namespace atlink;

namespace {

const RsaPrivateKey& key() {
  static const RsaPrivateKey value =
      RsaPrivateKey::parse(tests::data("keys/pkcs8.pem"), nullptr).value();
  return value;
}

}  // namespace

TEST_CASE("signatures: the bytes are those of another implementation") {
  // openssl dgst -sha1 -sign pkcs8.pem, likewise with -sha256, over "signature base string".
  CHECK(to_base64(*key().sign(RsaDigest::sha1, "signature base string")) ==
        tests::data("keys/sha1.b64"));
  CHECK(to_base64(*key().sign(RsaDigest::sha256, "signature base string")) ==
        tests::data("keys/sha256.b64"));
}

TEST_CASE("signatures: they verify with the public key, over any length of text") {
  for (const std::size_t size : {0U, 1U, 55U, 56U, 64U, 10000U}) {
    const std::string text(size, 'x');
    for (const RsaDigest digest : {RsaDigest::sha1, RsaDigest::sha256}) {
      const auto signature = key().sign(digest, text);
      REQUIRE(signature.has_value());
      CHECK(signature->size() == 256);
      CHECK(key().public_key().verify(digest, text, *signature));
    }
  }
}

TEST_CASE("signatures: nothing but the signature verifies") {
  const RsaPublicKey verifier = key().public_key();
  const std::string good = key().sign(RsaDigest::sha1, "text").value();
  REQUIRE(verifier.verify(RsaDigest::sha1, "text", good));
  CHECK_FALSE(verifier.verify(RsaDigest::sha1, "texu", good));
  CHECK_FALSE(verifier.verify(RsaDigest::sha256, "text", good));
  CHECK_FALSE(verifier.verify(RsaDigest::sha1, "text", ""));
  CHECK_FALSE(verifier.verify(RsaDigest::sha1, "text", good.substr(1)));
  CHECK_FALSE(verifier.verify(RsaDigest::sha1, "text", '\0' + good));
  CHECK_FALSE(verifier.verify(RsaDigest::sha1, "text", good + '\0'));
  CHECK_FALSE(verifier.verify(RsaDigest::sha1, "text", std::string(256, '\xFF')));
  const auto other = RsaPrivateKey::generate(2048);
  CHECK_FALSE(other->public_key().verify(RsaDigest::sha1, "text", good));
  for (std::size_t at = 0; at < good.size(); at += 51) {
    std::string flipped = good;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK_FALSE(verifier.verify(RsaDigest::sha1, "text", flipped));
  }
}

TEST_CASE("signatures: a signature whose leading byte is zero keeps its length") {
  // About one in 256 begins with a zero byte; a shortened one would be refused by every server.
  int zeros = 0;
  const auto small = RsaPrivateKey::parse(tests::data("keys/small_1024.pem"), nullptr);
  for (int i = 0; i < 2000; ++i) {
    const auto signature = small->sign(RsaDigest::sha1, std::to_string(i));
    REQUIRE(signature->size() == 128);
    zeros += signature->front() == '\0' ? 1 : 0;
  }
  CHECK(zeros > 0);
}

TEST_CASE("signatures: threads share one key") {
  std::vector<std::string> signatures(8);
  std::vector<std::thread> threads;
  for (std::string& signature : signatures) {
    threads.emplace_back([&signature] {
      for (int i = 0; i < 20; ++i) {
        signature = key().sign(RsaDigest::sha1, "shared").value();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const std::string& signature : signatures) {
    CHECK(signature == signatures.front());
    CHECK(key().public_key().verify(RsaDigest::sha1, "shared", signature));
  }
}

TEST_SUITE_END();
