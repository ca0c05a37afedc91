// SPDX-License-Identifier: Apache-2.0
#include "atlink/rsa_key.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

using namespace atlink;
using tests::holds;
using tests::Program;
using tests::text_at;

namespace {

std::string content(const Program& program, const char* path) {
  const auto text = program.files.content(path);
  REQUIRE_MESSAGE(text.has_value(), path);
  return *text;
}

RsaPrivateKey private_key(const Program& program, const char* path) {
  auto key = RsaPrivateKey::parse(content(program, path), nullptr);
  REQUIRE(key.has_value());
  return *key;
}

}  // namespace

TEST_CASE("keygen: writes a pair that belongs together, the private half for its owner alone") {
  Program program;
  CHECK(program.run({"keygen", "--out", "keys"}) == 0);
  const RsaPrivateKey key = private_key(program, "/desk/keys/private.pem");
  CHECK(key.bits() == 2048);
  CHECK(key.encoding() == KeyEncoding::pkcs8);
  CHECK(content(program, "/desk/keys/public.pem") == key.public_key().pem());
  CHECK(program.files.mode("/desk/keys/private.pem") == 0600);
  CHECK(holds(program.out, key.public_key().fingerprint()));
  CHECK_FALSE(holds(program.out + program.err, "PRIVATE"));
}

TEST_CASE("keygen: --bits takes the three sizes and nothing else") {
  Program program;
  CHECK(program.run({"keygen", "--out", "/k", "--bits", "3072"}) == 0);
  CHECK(private_key(program, "/k/private.pem").bits() == 3072);
  CHECK(program.run({"keygen", "--out", "/l", "--bits", "2049"}) == 2);
  CHECK(program.run({"keygen", "--out", "/l", "--bits", "1024"}) == 2);
  CHECK_FALSE(program.files.content("/l/private.pem").has_value());
}

TEST_CASE("keygen: an empty --out is no folder, and slashes at its end change nothing") {
  Program program;
  CHECK(program.run({"keygen", "--out", ""}) == 2);
  CHECK(holds(program.err, "--out"));
  CHECK_FALSE(program.files.content("/desk/private.pem").has_value());
  CHECK(text_at(program.run_json({"keygen", "--out", "keys//"}), "/private_key") ==
        "/desk/keys/private.pem");
}

TEST_CASE("keygen: what it tells one to type takes a folder with a space") {
  Program program;
  REQUIRE(program.run({"keygen", "--out", "/my keys"}) == 0);
  CHECK(program.run({"keygen", "--out", "/my keys"}) == 3);
  CHECK(holds(program.err, "atlink keygen --out '/my keys' --force"));
}

TEST_CASE("keygen: --public-only without a private key says what is missing") {
  Program program;
  CHECK(text_at(program.run_json({"keygen", "--out", "/none", "--public-only"}, 3), "/code") ==
        "key.missing");
  CHECK_FALSE(program.files.content("/none/.atlink.lock").has_value());
}

TEST_CASE("keygen: never overwrites without --force, and then keeps the old pair") {
  Program program;
  REQUIRE(program.run({"keygen", "--out", "/k"}) == 0);
  const std::string first = content(program, "/k/private.pem");
  CHECK(program.run({"keygen", "--out", "/k"}) == 3);
  CHECK(holds(program.err, "--force"));
  CHECK(content(program, "/k/private.pem") == first);
  CHECK(program.run({"keygen", "--out", "/k", "--force"}) == 0);
  CHECK(content(program, "/k/private.pem") != first);
  CHECK(content(program, "/k/private.pem.old") == first);
  CHECK(content(program, "/k/public.pem") ==
        private_key(program, "/k/private.pem").public_key().pem());
}

TEST_CASE("keygen: a missing public key is made again, and says so") {
  Program program;
  program.files.put("/k/private.pem", tests::test_private_key());
  const json::Value made = program.run_json({"keygen", "--out", "/k"});
  CHECK(text_at(made, "/made") == "public_key");
  CHECK(content(program, "/k/private.pem") == tests::test_private_key());
  CHECK(content(program, "/k/public.pem") ==
        private_key(program, "/k/private.pem").public_key().pem());
}

TEST_CASE("keygen: a public key of another pair is reported and replaced only when told") {
  Program program;
  REQUIRE(program.run({"keygen", "--out", "/k"}) == 0);
  const std::string foreign = content(program, "/k/public.pem");
  program.files.put("/k/private.pem", tests::test_private_key());
  CHECK(text_at(program.run_json({"keygen", "--out", "/k"}, 3), "/code") == "key.mismatch");
  CHECK(content(program, "/k/public.pem") == foreign);
  CHECK(program.run({"keygen", "--out", "/k", "--public-only"}) == 0);
  CHECK(content(program, "/k/public.pem") ==
        private_key(program, "/k/private.pem").public_key().pem());
  CHECK(content(program, "/k/public.pem.old") == foreign);
}

TEST_CASE("keygen: a public key alone and a damaged private key are in the way") {
  Program program;
  program.files.put("/a/public.pem", "x");
  CHECK(text_at(program.run_json({"keygen", "--out", "/a"}, 3), "/code") == "file.exists");
  program.files.put("/b/private.pem", "x");
  CHECK(text_at(program.run_json({"keygen", "--out", "/b"}, 3), "/code") == "file.exists");
  CHECK(content(program, "/b/private.pem") == "x");
  CHECK(program.run({"keygen", "--out", "/b", "--force", "--public-only"}) == 2);
}

TEST_CASE("keygen: a folder that cannot be written leaves nothing behind") {
  Program program;
  program.files.put("/k", "a file");
  CHECK(program.run({"keygen", "--out", "/k"}) == 3);
  CHECK(program.files.content("/k") == "a file");
}

TEST_SUITE_END();
