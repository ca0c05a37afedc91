// SPDX-License-Identifier: Apache-2.0
#include "atlink/key_files.h"

#include "core/posix/posix_files.h"
#include "tests/support/data.h"
#include "tests/support/disaster.h"
#include "tests/support/fake_files.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string folder = "/home/me/keys";
const KeyPairPaths paths = key_pair_paths(folder);

/// Two pairs that are made once for all tests.
const RsaPrivateKey& first() {
  static const RsaPrivateKey key = RsaPrivateKey::generate(2048).value();
  return key;
}

const RsaPrivateKey& second() {
  static const RsaPrivateKey key = RsaPrivateKey::generate(2048).value();
  return key;
}

std::string pem_of(const RsaPrivateKey& key) {
  return std::string(key.pem().value().expose());
}

void put_first(FakeFileSystem& files) {
  REQUIRE(write_key_pair(files, folder, first(), false).has_value());
}

KeyPairState state_of(FakeFileSystem& files) {
  return inspect_key_pair(files, folder).value();
}

}  // namespace

TEST_CASE("key files: a private key is read, and what is wrong names the file") {
  FakeFileSystem files;
  put_first(files);
  const auto key = read_private_key(files, paths.private_key);
  REQUIRE(key.has_value());
  CHECK(key->public_key().same_as(first().public_key()));

  CHECK(read_private_key(files, "/home/me/none.pem").error().code == ErrorCode::file_not_found);
  const auto other_half = read_private_key(files, paths.public_key);
  REQUIRE_FALSE(other_half.has_value());
  CHECK(other_half.error().code == ErrorCode::key_public);
  CHECK(other_half.error().fact("file") == paths.public_key);
}

TEST_CASE("key files: a protected private key needs its passphrase") {
  FakeFileSystem files;
  files.put(paths.private_key, data("keys/pkcs8_encrypted.pem"));
  CHECK(read_private_key(files, paths.private_key).error().fact("passphrase") == "needed");
  const Secret passphrase("open sesame");
  CHECK(read_private_key(files, paths.private_key, &passphrase).has_value());
}

TEST_CASE("key files: a pair is written with its modes, and belongs together") {
  FakeFileSystem files;
  CHECK(state_of(files) == KeyPairState::none);
  put_first(files);
  CHECK(files.content(paths.private_key) == pem_of(first()));
  CHECK(files.content(paths.public_key) == first().public_key().pem());
  CHECK(files.mode(paths.private_key) == 0600);
  CHECK(files.mode(paths.public_key) == 0644);
  CHECK(files.mode(folder) == 0700);
  CHECK(state_of(files) == KeyPairState::complete);
}

TEST_CASE("key files: what is there is not overwritten, not even a link that leads nowhere") {
  FakeFileSystem files;
  put_first(files);
  const Status again = write_key_pair(files, folder, second(), false);
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == ErrorCode::file_exists);
  CHECK(again.error().message == paths.private_key + " is there already");
  CHECK(again.error().next.find("--force") != std::string::npos);
  CHECK(files.content(paths.private_key) == pem_of(first()));
  files.remove(paths.private_key);
  CHECK(write_key_pair(files, folder, second(), false).error().fact("file") == paths.public_key);
  files.remove(paths.public_key);
  files.put_link(paths.private_key, "/nowhere");
  CHECK(write_key_pair(files, folder, second(), false).error().code == ErrorCode::file_exists);
}

TEST_CASE("key files: replacing keeps the old pair as .old") {
  FakeFileSystem files;
  put_first(files);
  files.put(paths.private_key + ".old", "older");
  REQUIRE(write_key_pair(files, folder, second(), true).has_value());
  CHECK(files.content(paths.private_key) == pem_of(second()));
  CHECK(files.content(paths.private_key + ".old") == pem_of(first()));
  CHECK(files.content(paths.public_key + ".old") == first().public_key().pem());
  CHECK(files.mode(paths.private_key + ".old") == 0600);
  CHECK(state_of(files) == KeyPairState::complete);
}

TEST_CASE("key files: replacing a link replaces the link and leaves what it led to") {
  FakeFileSystem files;
  files.put("/elsewhere/key.pem", pem_of(first()), 0600);
  files.put_link(paths.private_key, "/elsewhere/key.pem");
  CHECK(state_of(files) == KeyPairState::public_missing);
  REQUIRE(write_key_pair(files, folder, second(), true).has_value());
  CHECK(files.content("/elsewhere/key.pem") == pem_of(first()));
  CHECK(files.content(paths.private_key) == pem_of(second()));
  CHECK(files.content(paths.private_key + ".old") == pem_of(first()));
}

TEST_CASE("key files: each state of a folder is told apart") {
  FakeFileSystem files;
  put_first(files);
  files.put(paths.public_key, second().public_key().pem());
  CHECK(state_of(files) == KeyPairState::public_foreign);
  files.put(paths.public_key, "no key");
  CHECK(state_of(files) == KeyPairState::public_foreign);
  files.remove(paths.public_key);
  CHECK(state_of(files) == KeyPairState::public_missing);
  files.put(paths.private_key, data("keys/pkcs8_encrypted.pem"));
  CHECK(state_of(files) == KeyPairState::private_unreadable);
  files.put(paths.private_key, "no key");
  CHECK(state_of(files) == KeyPairState::private_unreadable);
  files.remove(paths.private_key);
  files.put(paths.public_key, first().public_key().pem());
  CHECK(state_of(files) == KeyPairState::public_only);
}

TEST_CASE("key files: the public key can be made again, and a foreign one is kept") {
  FakeFileSystem files;
  put_first(files);
  files.remove(paths.public_key);
  REQUIRE(restore_public_key(files, folder, nullptr).has_value());
  CHECK(state_of(files) == KeyPairState::complete);
  files.put(paths.public_key, "foreign");
  REQUIRE(restore_public_key(files, folder, nullptr).has_value());
  CHECK(state_of(files) == KeyPairState::complete);
  CHECK(files.content(paths.public_key + ".old") == "foreign");
  REQUIRE(restore_public_key(files, folder, nullptr).has_value());
  CHECK(files.content(paths.public_key + ".old") == "foreign");
}

TEST_CASE("key files: making the public key again needs a private key that can be read") {
  FakeFileSystem files;
  CHECK(restore_public_key(files, folder, nullptr).error().code == ErrorCode::key_missing);
  CHECK(files.files().empty());
  files.put(paths.private_key, data("keys/pkcs8_encrypted.pem"));
  const Status locked = restore_public_key(files, folder, nullptr);
  CHECK(locked.error().code == ErrorCode::key_passphrase);
  CHECK(locked.error().fact("file") == paths.private_key);
  const Secret passphrase("open sesame");
  REQUIRE(restore_public_key(files, folder, &passphrase).has_value());
  const auto made = RsaPublicKey::parse(files.content(paths.public_key).value()).value();
  CHECK(made.same_as(RsaPublicKey::parse(data("keys/public.pem")).value()));
}

TEST_CASE("key files: a replaced pair survives a failure, kill or power failure at any call") {
  const Undertaking replacing{
      put_first,
      [](FakeFileSystem& files) { return write_key_pair(files, folder, second(), true); },
      [](FakeFileSystem& files) -> std::string {
        if (files.content(paths.private_key) == pem_of(first())) {
          return "old";
        }
        const bool whole = files.content(paths.private_key) == pem_of(second()) &&
                           files.content(paths.public_key) == second().public_key().pem() &&
                           files.content(paths.private_key + ".old") == pem_of(first()) &&
                           files.content(paths.public_key + ".old") == first().public_key().pem();
        return whole ? "new" : "something else";
      }};
  CHECK(fail_everywhere(replacing) > 30);
  CHECK(kill_everywhere(replacing) > 30);
}

TEST_CASE("key files: a first pair is there, or its public key can be made again, or nothing is") {
  const Undertaking making{
      [](FakeFileSystem& /*files*/) {},
      [](FakeFileSystem& files) -> Status {
        // What keygen does when it finds a private key alone.
        ATLINK_ASSIGN(const KeyPairState state, inspect_key_pair(files, folder));
        if (state == KeyPairState::public_missing) {
          return restore_public_key(files, folder, nullptr);
        }
        return state == KeyPairState::complete ? Status()
                                               : write_key_pair(files, folder, first(), false);
      },
      [](FakeFileSystem& files) -> std::string {
        switch (state_of(files)) {
          case KeyPairState::none:
          case KeyPairState::public_missing:
            return "old";
          case KeyPairState::complete:
            return files.content(paths.private_key) == pem_of(first()) ? "new" : "another key";
          default:
            return "something else";
        }
      }};
  CHECK(fail_everywhere(making) > 10);
  CHECK(kill_everywhere(making) > 10);
}

TEST_CASE("key files: on the disk they have their modes whatever the umask") {
  const TemporaryFolder temporary;
  posix::PosixFiles files;
  REQUIRE(write_key_pair(files, temporary / "new/keys", first(), false).has_value());
  CHECK(files.stat(temporary / "new/keys/private.pem", false).value().mode == 0600);
  CHECK(files.stat(temporary / "new/keys/public.pem", false).value().mode == 0644);
  CHECK(files.stat(temporary / "new/keys", false).value().mode == 0700);
  CHECK(inspect_key_pair(files, temporary / "new/keys").value() == KeyPairState::complete);
  CHECK(inspect_key_pair(files, temporary / "none").value() == KeyPairState::none);
}

TEST_SUITE_END();
