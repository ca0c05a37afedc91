// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"

#include "tests/support/data.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

TEST_SUITE_BEGIN("core/crypto");

using namespace atlink;

namespace {

std::string key_file(const std::string& name) {
  return tests::data("keys/" + name);
}

const std::string& fingerprint() {
  static const std::string value = RsaPublicKey::parse(key_file("public.pem"))->fingerprint();
  return value;
}

Error error_of(std::string_view bytes, const Secret* passphrase = nullptr) {
  auto key = RsaPrivateKey::parse(bytes, passphrase);
  REQUIRE_FALSE(key.has_value());
  CHECK_FALSE(key.error().message.empty());
  return key.error();
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

}  // namespace

TEST_CASE("private keys: every encoding gives the same key and is named") {
  const Secret passphrase("open sesame");
  const std::initializer_list<std::pair<const char*, KeyEncoding>> files{
      {"pkcs8.pem", KeyEncoding::pkcs8},
      {"pkcs1.pem", KeyEncoding::pkcs1},
      {"pkcs8.der", KeyEncoding::pkcs8_der},
      {"pkcs1.der", KeyEncoding::pkcs1_der},
      {"pkcs8_encrypted.pem", KeyEncoding::pkcs8_encrypted},
      {"pkcs8_encrypted.der", KeyEncoding::pkcs8_encrypted_der},
      {"pkcs8_scrypt.pem", KeyEncoding::pkcs8_encrypted},
      {"pkcs1_encrypted.pem", KeyEncoding::pkcs1_encrypted},
      {"pkcs1_des3.pem", KeyEncoding::pkcs1_encrypted},
  };
  for (const auto& [name, encoding] : files) {
    const auto shown = name;  // clang 14 captures no binding
    CAPTURE(shown);
    const auto key = RsaPrivateKey::parse(key_file(name), &passphrase);
    REQUIRE(key.has_value());
    CHECK(key->encoding() == encoding);
    CHECK(key->bits() == 2048);
    CHECK(key->public_key().fingerprint() == fingerprint());
  }
}

TEST_CASE("private keys: the encodings have distinct descriptions") {
  CHECK(describe(KeyEncoding::pkcs8) == "PKCS#8 PEM");
  CHECK(describe(KeyEncoding::pkcs1_encrypted) == "passphrase-protected PKCS#1 PEM");
  CHECK(describe(KeyEncoding::pkcs8_encrypted_der) == "passphrase-protected PKCS#8 DER");
  CHECK(describe(KeyEncoding::pkcs1_der) == "PKCS#1 DER");
}

TEST_CASE("private keys: what editors, mails and variables do to PEM does no harm") {
  const std::string pem = key_file("pkcs8.pem");
  const std::string body = pem.substr(0, pem.size() - 1);
  const std::vector<std::pair<const char*, std::string>> forms{
      {"CRLF", replaced(pem, "\n", "\r\n")},
      {"CR alone", replaced(pem, "\n", "\r")},
      {"blank lines", replaced(pem, "\n", "\n\n  \n")},
      {"no last line break", body},
      {"one line", replaced(body, "\n", " ")},
      {"line breaks as backslash n", replaced(body, "\n", "\\n")},
      {"line breaks as backslash r n", replaced(body, "\n", "\\r\\n")},
      {"indented", "    " + replaced(body, "\n", "\n    ")},
      {"byte order mark", "\xEF\xBB\xBF" + pem},
      {"text around it", "Bag Attributes\n  name: x\n" + pem + "that was it\n"},
      {"certificate in front", key_file("certificate.pem") + pem},
      {"certificate behind", pem + key_file("certificate.pem")},
      {"a broken block in front", "-----BEGIN nothing\n-----BEGIN CERTIFICATE-----\nAAAA\n" + pem},
      {"base64 alone", replaced(pem.substr(28, pem.size() - 28 - 26), "\n", "")},
  };
  for (const auto& [name, text] : forms) {
    const auto shown = name;  // clang 14 captures no binding
    CAPTURE(shown);
    const auto key = RsaPrivateKey::parse(text, nullptr);
    REQUIRE_MESSAGE(key.has_value(), key.error().message);
    CHECK(key->public_key().fingerprint() == fingerprint());
  }
}

TEST_CASE("private keys: the old protected form survives CRLF and blank lines too") {
  const Secret passphrase("open sesame");
  const std::string pem = key_file("pkcs1_encrypted.pem");
  for (const std::string& text : {replaced(pem, "\n", "\r\n"), replaced(pem, "\n", "\n\n")}) {
    const auto key = RsaPrivateKey::parse(text, &passphrase);
    REQUIRE(key.has_value());
    CHECK(key->public_key().fingerprint() == fingerprint());
  }
}

TEST_CASE("private keys: a missing passphrase and a wrong one are told apart") {
  const Secret wrong("open sesamf");
  const Secret empty("");
  const Secret endless(std::string(5000, 'x'));
  for (const char* name : {"pkcs8_encrypted.pem",
                           "pkcs8_encrypted.der",
                           "pkcs8_scrypt.pem",
                           "pkcs1_encrypted.pem",
                           "pkcs1_des3.pem"}) {
    CAPTURE(name);
    const Error needed = error_of(key_file(name));
    CHECK(needed.code == ErrorCode::key_passphrase);
    CHECK(needed.fact("passphrase") == "needed");
    for (const Secret* passphrase : {&wrong, &empty, &endless}) {
      const Error refused = error_of(key_file(name), passphrase);
      CHECK(refused.code == ErrorCode::key_passphrase);
      CHECK(refused.fact("passphrase") == "wrong");
    }
  }
}

TEST_CASE("private keys: wrong passphrases that decrypt to something are found out as well") {
  // One wrong passphrase in 256 leaves padding that looks right; among these there are some.
  const std::string pem = key_file("pkcs1_encrypted.pem");
  for (int i = 0; i < 1000; ++i) {
    const Secret wrong("wrong " + std::to_string(i));
    REQUIRE(error_of(pem, &wrong).fact("passphrase") == "wrong");
  }
}

TEST_CASE(
    "private keys: protection by ciphers of the past is named, not called a wrong passphrase") {
  const Secret passphrase("open sesame");
  const Error pbe = error_of(key_file("pkcs8_md5_des.pem"), &passphrase);
  CHECK(pbe.code == ErrorCode::key_unsupported);
  CHECK(pbe.message.find("unsupported") != std::string::npos);
  const Error des = error_of(key_file("pkcs1_des.pem"), &passphrase);
  CHECK(des.code == ErrorCode::key_unsupported);
  CHECK(des.message.find("DES-CBC") != std::string::npos);
  CHECK(des.next.find("openssl pkcs8") != std::string::npos);
}

TEST_CASE("private keys: a passphrase that is not needed is not looked at") {
  const Secret passphrase("whatever");
  CHECK(RsaPrivateKey::parse(key_file("pkcs1.pem"), &passphrase).has_value());
}

TEST_CASE("private keys: public keys and certificates are recognised as such") {
  for (const char* name : {"public.pem",
                           "public.der",
                           "public_pkcs1.pem",
                           "certificate.pem",
                           "request.pem",
                           "ec_public.pem",
                           "openssh.pub"}) {
    CAPTURE(name);
    CHECK(error_of(key_file(name)).code == ErrorCode::key_public);
  }
  CHECK(error_of(key_file("certificate.pem")).message.find("certificate") != std::string::npos);
  const std::string mislabelled = replaced(key_file("public.pem"), "PUBLIC", "PRIVATE");
  CHECK(error_of(mislabelled).code == ErrorCode::key_public);
}

TEST_CASE("private keys: keys of other kinds are named by their algorithm") {
  const std::initializer_list<std::pair<const char*, const char*>> files{
      {"ec.pem", "EC"},
      {"ec_sec1.pem", "EC"},
      {"ec_sec1.der", "EC"},
      {"ec_sec1_encrypted.pem", "EC"},
      {"ed25519.pem", "Ed25519"},
      {"pss.pem", "RSA-PSS"},
      {"dsa.pem", "DSA"},
      {"dsa_traditional.der", "DSA"},
      {"multi_prime.pem", "more than two primes"},
      {"openssh", "OpenSSH"},
      {"bundle.p12", "PKCS#12"},
  };
  for (const auto& [name, word] : files) {
    const auto shown = name;  // clang 14 captures no binding
    CAPTURE(shown);
    const Error error = error_of(key_file(name));
    CHECK(error.code == ErrorCode::key_unsupported);
    CHECK(error.message.find(word) != std::string::npos);
    CHECK_FALSE(error.next.empty());
  }
}

TEST_CASE("private keys: 1024 bits are read, fewer are refused") {
  CHECK(RsaPrivateKey::parse(key_file("small_1024.pem"), nullptr)->bits() == 1024);
  const Error error = error_of(key_file("small_1016.pem"));
  CHECK(error.code == ErrorCode::key_too_small);
  CHECK(error.message.find("1016") != std::string::npos);
  CHECK(RsaPublicKey::parse(key_file("small_1016_public.pem")).error().code ==
        ErrorCode::key_too_small);
}

TEST_CASE("private keys: a key cut short anywhere is an error, never a key") {
  const std::string pem = key_file("pkcs8.pem");
  for (std::size_t size = 0; size + 2 < pem.size(); size += 7) {
    CAPTURE(size);
    CHECK(error_of(pem.substr(0, size)).code == ErrorCode::key_unreadable);
  }
  const std::string der = key_file("pkcs1.der");
  for (std::size_t size = 0; size < der.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(RsaPrivateKey::parse(der.substr(0, size), nullptr).has_value());
  }
}

TEST_CASE("private keys: a flipped bit in any number is noticed") {
  const std::string der = key_file("pkcs1.der");
  // Behind the head, version and tag of n, every byte belongs to a number or its length.
  for (std::size_t at = 11; at < der.size(); at += 13) {
    CAPTURE(at);
    std::string flipped = der;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    const auto key = RsaPrivateKey::parse(flipped, nullptr);
    CHECK_FALSE(key.has_value());
  }
}

TEST_CASE("private keys: text that is no key says what it is") {
  const std::initializer_list<std::pair<std::string, const char*>> texts{
      {"", "nothing"},
      {" \r\n\t ", "nothing"},
      {"\xFF\xFE-\0-\0", "UTF-16"},
      {"PuTTY-User-Key-File-2: ssh-rsa", "PuTTY"},
      {"hello, world", "neither PEM nor DER"},
      {"-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n", "DH PARAMETERS"},
      {"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "empty"},
      {"-----BEGIN PRIVATE KEY-----\n#!?\n-----END PRIVATE KEY-----\n", "base64"},
      {"-----BEGIN PRIVATE KEY-----\nMIIE", "END"},
      {"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PUBLIC KEY-----\n", "END"},
  };
  for (const auto& [text, word] : texts) {
    const auto shown = text;  // clang 14 captures no binding
    CAPTURE(shown);
    const Error error = error_of(text);
    CHECK(error.code == ErrorCode::key_unreadable);
    CHECK_MESSAGE(error.message.find(word) != std::string::npos, error.message);
  }
}

TEST_CASE("private keys: written as PKCS#8, a key is the one OpenSSL writes") {
  for (const char* name : {"pkcs1.pem", "pkcs8.der"}) {
    const auto pem = RsaPrivateKey::parse(key_file(name), nullptr)->pem();
    REQUIRE(pem.has_value());
    CHECK(pem->expose() == key_file("pkcs8.pem"));
  }
}

TEST_CASE("private keys: a new key has the bits asked for and can be read back") {
  const auto key = RsaPrivateKey::generate(2048);
  REQUIRE(key.has_value());
  CHECK(key->bits() == 2048);
  const auto again = RsaPrivateKey::parse(key->pem()->expose(), nullptr);
  REQUIRE(again.has_value());
  CHECK(again->public_key().same_as(key->public_key()));
  CHECK_FALSE(again->public_key().same_as(*RsaPublicKey::parse(key_file("public.pem"))));
  const auto signature = key->sign(RsaDigest::sha1, "text");
  CHECK(again->public_key().verify(RsaDigest::sha1, "text", *signature));
}

TEST_CASE("private keys: only the sizes that are offered are made") {
  for (const int bits : {0, -2048, 1024, 2047, 8192}) {
    CHECK(RsaPrivateKey::generate(bits).error().code == ErrorCode::usage);
  }
}

TEST_CASE("public keys: every form gives the same key") {
  const std::string pem = key_file("public.pem");
  const std::string base64 = RsaPublicKey::parse(pem)->base64();
  for (const std::string& text : {pem,
                                  key_file("public.der"),
                                  key_file("public_pkcs1.pem"),
                                  key_file("certificate.pem"),
                                  base64,
                                  replaced(pem, "\n", "\r\n\r\n"),
                                  pem.substr(27, pem.size() - 27 - 25)}) {
    const auto key = RsaPublicKey::parse(text);
    REQUIRE_MESSAGE(key.has_value(), key.error().message);
    CHECK(key->fingerprint() == fingerprint());
    CHECK(key->bits() == 2048);
  }
}

TEST_CASE("public keys: they are written as OpenSSL writes them") {
  const auto key = RsaPrivateKey::parse(key_file("pkcs8.pem"), nullptr)->public_key();
  CHECK(key.pem() == key_file("public.pem"));
  CHECK(key.base64().find('\n') == std::string::npos);
  CHECK(key.fingerprint().size() == 64);
  // openssl dgst -sha256 public.der
  CHECK(key.fingerprint() == "c20a00564b1a3cbbce50cb71773241308c1b363c12c793eb4b9d1d9506f949c5");
}

TEST_CASE("public keys: what is none is refused by its kind") {
  CHECK(RsaPublicKey::parse(key_file("ec_public.pem")).error().code == ErrorCode::key_unsupported);
  CHECK(RsaPublicKey::parse(key_file("openssh.pub")).error().code == ErrorCode::key_unsupported);
  CHECK(RsaPublicKey::parse(key_file("bundle.p12")).error().code == ErrorCode::key_unsupported);
  for (const char* name : {"pkcs8.pem", "pkcs1.der", "request.pem"}) {
    CHECK(RsaPublicKey::parse(key_file(name)).error().code == ErrorCode::key_unreadable);
  }
  const Error junk = RsaPublicKey::parse("hello").error();
  CHECK(junk.code == ErrorCode::key_unreadable);
  // Nobody is led to hand over the private half.
  CHECK(junk.next.find("a PUBLIC KEY block") != std::string::npos);
  CHECK(RsaPrivateKey::parse("hello", nullptr).error().next.find("a PRIVATE KEY block") !=
        std::string::npos);
}

TEST_SUITE_END();
