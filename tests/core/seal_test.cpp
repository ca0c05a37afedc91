// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/seal.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/crypto");

using namespace atlink;
using namespace atlink::crypto;

namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(std::string(text.substr(at, 2)), nullptr, 16));
  }
  return bytes;
}

}  // namespace

TEST_CASE("scrypt: the vectors of RFC 7914 section 12") {
  const struct {
    std::string password, salt;
    ScryptParameters parameters;
    std::string derived;
  } vectors[] = {
      {"",
       "",
       {16, 1, 1},
       "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
       "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
      {"password",
       "NaCl",
       {1024, 8, 16},
       "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
       "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"},
      {"pleaseletmein",
       "SodiumChloride",
       {16384, 8, 1},
       "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
       "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"},
  };

  for (const auto& vector : vectors) {
    CAPTURE(vector.password);
    const auto derived = scrypt(vector.password, vector.salt, vector.parameters, 64);
    REQUIRE(derived.has_value());
    CHECK(hex(derived->expose()) == vector.derived);
  }
}

TEST_CASE("scrypt: parameters that a stranger may not ask for") {
  for (const ScryptParameters& bearable : {ScryptParameters{2, 1, 1},
                                           ScryptParameters{1U << 16U, 8, 1},
                                           ScryptParameters{1U << 18U, 8, 1},
                                           ScryptParameters{1U << 10U, 8, 16}}) {
    CHECK(is_bearable(bearable));
  }
  for (const ScryptParameters& not_bearable : {ScryptParameters{0, 8, 1},
                                               ScryptParameters{1, 8, 1},
                                               ScryptParameters{3, 8, 1},
                                               ScryptParameters{1024, 0, 1},
                                               ScryptParameters{1024, 8, 0},
                                               ScryptParameters{1024, 8, 17},
                                               ScryptParameters{1U << 19U, 8, 1},
                                               ScryptParameters{std::uint64_t{1} << 63U, 8, 1},
                                               ScryptParameters{2, 0xffffffff, 1},
                                               ScryptParameters{1024, 8, 0xffffffff}}) {
    CHECK_FALSE(is_bearable(not_bearable));
    CHECK(scrypt("p", "s", not_bearable, 32).error().code == ErrorCode::crypto_refused);
  }
}

// The GCM specification of McGrew and Viega, test cases 13, 14 and 16.
TEST_CASE("AES-256-GCM: published test cases") {
  const std::string long_key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";

  const struct {
    std::string key, nonce, authenticated, plain, sealed;
  } vectors[] = {
      {std::string(64, '0'), std::string(24, '0'), "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
      {std::string(64, '0'),
       std::string(24, '0'),
       "",
       std::string(32, '0'),
       "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
      {long_key,
       "cafebabefacedbaddecaf888",
       "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
       "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
       "76fc6ece0f4e1768cddf8853bb2d551b"},
  };

  for (const auto& vector : vectors) {
    CAPTURE(vector.sealed);
    const Secret key(unhex(vector.key));
    const std::string nonce = unhex(vector.nonce);
    const std::string authenticated = unhex(vector.authenticated);
    const auto sealed = gcm_encrypt(key, nonce, authenticated, unhex(vector.plain));
    REQUIRE(sealed.has_value());
    CHECK(hex(*sealed) == vector.sealed);
    const auto plain = gcm_decrypt(key, nonce, authenticated, *sealed);
    REQUIRE(plain.has_value());
    CHECK(hex(plain->expose()) == vector.plain);
    CHECK(gcm_decrypt(key, nonce, authenticated + "x", *sealed).error().code ==
          ErrorCode::file_damaged);
  }
}

TEST_CASE("AES-256-GCM: what cannot be is refused") {
  const Secret key(std::string(32, 'k'));
  CHECK(gcm_decrypt(key, std::string(12, 'n'), "", "short").error().code ==
        ErrorCode::file_damaged);
  CHECK(gcm_encrypt(Secret("short"), std::string(12, 'n'), "", "x").error().code ==
        ErrorCode::crypto_refused);
  CHECK(gcm_encrypt(key, "short", "", "x").error().code == ErrorCode::crypto_refused);
}

TEST_SUITE_END();
