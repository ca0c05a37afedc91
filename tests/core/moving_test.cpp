// SPDX-License-Identifier: Apache-2.0
#include "atlink/stores.h"
#include "tests/support/disaster.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_world.h"
#include "tests/support/records.h"
#include "tests/support/sealing.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string state = "/home/me/.local/state/atlink";

struct Places {
  FakeWorld world;
  FakeFileSystem files;
  std::unique_ptr<CredentialStore> plain = make_file_store(files, state);
  std::unique_ptr<CredentialStore> sealed =
      make_sealed_store(world.platform(files), state, std::make_shared<FixedPassphrase>("open"));
};

}  // namespace

TEST_CASE_FIXTURE(Places, "moving: all of a profile arrives, and the old place is as it was") {
  REQUIRE(plain->save("work", some_credential("t")).has_value());
  REQUIRE(plain->save_consumer("work", some_consumer("c")).has_value());
  REQUIRE(plain->save_pending("work", some_pending("p")).has_value());
  REQUIRE(sealed->save_pending("work", some_pending("stale")).has_value());
  const auto version = copy_secrets(*plain, *sealed, "work");
  REQUIRE(version.has_value());
  CHECK(*version == 1);
  for (CredentialStore* each : {plain.get(), sealed.get()}) {
    CHECK(each->load("work").value()->token == "t");
    CHECK(each->load_consumer("work").value()->secret.equals("c"));
    CHECK(each->load_pending("work").value()->request_token == "p");
  }
  REQUIRE(erase_secrets(*plain, "work").has_value());
  CHECK_FALSE(plain->load("work").value().has_value());
  CHECK_FALSE(plain->load_consumer("work").value().has_value());
  CHECK_FALSE(plain->load_pending("work").value().has_value());
  CHECK(sealed->load("work").value()->token == "t");
}

TEST_CASE_FIXTURE(Places, "moving: what the old place does not have the new one has no more") {
  REQUIRE(sealed->save("work", some_credential("stale")).has_value());
  REQUIRE(sealed->save_consumer("work", some_consumer("stale")).has_value());
  REQUIRE(copy_secrets(*plain, *sealed, "work").has_value());
  CHECK_FALSE(sealed->load("work").value().has_value());
  CHECK_FALSE(sealed->load_consumer("work").value().has_value());
}

TEST_CASE_FIXTURE(Places, "moving: a renewal whose outcome is not known stays one") {
  REQUIRE(plain->save("work", some_credential("t")).has_value());
  REQUIRE(sealed->save("work", some_credential("before")).has_value());
  const TimePoint then = from_rfc3339("2026-01-31T09:30:00Z").value();
  REQUIRE(plain->save_renewal("work", {1, then}).has_value());
  REQUIRE(copy_secrets(*plain, *sealed, "work").has_value());
  const auto renewal = sealed->load_renewal("work").value();
  REQUIRE(renewal.has_value());
  CHECK(renewal->version == sealed->load("work").value()->version);
  CHECK(renewal->begun_at == then);
}

TEST_CASE("moving: whatever fails on the way, the old place is whole") {
  for (int call = 1; call < 400; ++call) {
    CAPTURE(call);
    Places places;
    REQUIRE(places.plain->save("work", some_credential("t")).has_value());
    REQUIRE(places.plain->save_consumer("work", some_consumer("c")).has_value());
    places.files.fail_at(call, ErrorCode::file_io);
    const auto copied = copy_secrets(*places.plain, *places.sealed, "work");
    const bool struck = places.files.struck();
    places.files.heal();
    CHECK(places.plain->load("work").value()->token == "t");
    CHECK(places.plain->load_consumer("work").value()->secret.equals("c"));
    if (copied) {
      CHECK(places.sealed->load("work").value()->token == "t");
      CHECK(places.sealed->load_consumer("work").value()->secret.equals("c"));
    }
    if (!struck) {
      REQUIRE(copied.has_value());
      REQUIRE(call > 30);
      return;
    }
  }
  FAIL("the copy has no end");
}

TEST_CASE("bundle: what was put in comes out, without paths and programs of the other machine") {
  FakeWorld world;
  Bundle bundle;
  bundle.profile.name = "work";
  bundle.profile.product = "acme";
  bundle.profile.site = "https://acme.example";
  bundle.profile.private_key = "/home/you/key.pem";
  bundle.profile.ca_file = "/home/you/ca.pem";
  bundle.profile.store = {StoreKind::command, {}, {"/home/you/evil"}};
  bundle.profile.settings = {{"team", "us"}};
  bundle.credential = some_credential("t");
  bundle.consumer = some_consumer("c");
  bundle.private_key = Secret(std::string_view("key\xff\0", 5));
  bundle.ca_pem = "certificates";
  const Passphrase passphrase{Secret("open"), SealCost{4, 1, 1}};
  const auto sealed = seal_bundle(world.random, bundle, passphrase);
  REQUIRE(sealed.has_value());
  CHECK(sealed->find("acme") == std::string::npos);
  const auto opened = open_bundle(*sealed, Secret("open"), "b");
  REQUIRE(opened.has_value());
  CHECK(opened->profile.name == "work");
  CHECK(opened->profile.settings == bundle.profile.settings);
  CHECK(opened->profile.private_key.empty());
  CHECK(opened->profile.ca_file.empty());
  CHECK(opened->profile.store == StoreChoice());
  CHECK(opened->credential->token == "t");
  CHECK(opened->credential->issued_for == some_credential("t").issued_for);
  CHECK(opened->consumer->secret.equals("c"));
  CHECK(opened->private_key.equals(std::string_view("key\xff\0", 5)));
  CHECK(opened->ca_pem == "certificates");
  CHECK(open_bundle(*sealed, Secret("guess"), "b").error().code == ErrorCode::store_passphrase);
  for (std::size_t at = 0; at < sealed->size(); ++at) {
    std::string changed = *sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CAPTURE(at);
    REQUIRE(open_bundle(changed, Secret("open"), "b").error().code == ErrorCode::file_damaged);
  }
}

TEST_SUITE_END();
