// SPDX-License-Identifier: Apache-2.0
#include "atlink/kept_secret.h"

#include "atlink/profile.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;

namespace {

constexpr const char* proxy = "http://alice@proxy.example:3128";

}  // namespace

TEST_CASE("kept secrets: given back for the place that they are for, and for no other") {
  tests::FakeFileSystem files;
  const auto store = make_file_store(files, "/state");
  REQUIRE(save_kept(*store, "work", KeptSecret::proxy_password, proxy, Secret("one")).has_value());
  const auto same = load_kept(*store, "work", KeptSecret::proxy_password, proxy);
  REQUIRE(same.has_value());
  REQUIRE(same->has_value());
  CHECK((*same)->equals("one"));
  for (const auto& none :
       {load_kept(*store, "work", KeptSecret::proxy_password, "http://alice@other.example:3128"),
        load_kept(*store, "work", KeptSecret::certificate_passphrase, proxy),
        load_kept(*store, "home", KeptSecret::proxy_password, proxy)}) {
    REQUIRE(none.has_value());
    CHECK_FALSE(none->has_value());
  }
  REQUIRE(erase_kept(*store, "work", KeptSecret::proxy_password).has_value());
  CHECK_FALSE(load_kept(*store, "work", KeptSecret::proxy_password, proxy).value().has_value());
}

TEST_CASE("kept secrets: no profile's own secret is in the way, nor a variable that gives one") {
  tests::FakeFileSystem files;
  tests::FakeWorld world;
  world.environment.variables["ATLINK_CONSUMER_SECRET"] = "of the consumer";
  const auto store =
      make_environment_store(world.environment, make_file_store(files, "/state"), std::nullopt);
  CHECK_FALSE(load_kept(*store, "work", KeptSecret::proxy_password, "").value().has_value());
  REQUIRE(save_kept(*store, "work", KeptSecret::proxy_password, proxy, Secret("one")).has_value());
  CHECK(store->load_consumer("work").value()->secret.equals("of the consumer"));
  CHECK((*load_kept(*store, "work", KeptSecret::proxy_password, proxy).value()).equals("one"));
}

TEST_CASE("kept secrets: their names are those of profiles, with a word") {
  CHECK(check_consumer_name("work").has_value());
  for (const KeptSecret which : every_kept_secret) {
    CHECK(check_consumer_name(kept_name("work", which)).has_value());
    CHECK_FALSE(check_profile_name(kept_name("work", which)).has_value());
  }
  for (const char* name : {"work~", "~proxy", "work~other", "work~proxy~proxy", "../x~proxy", ""}) {
    CAPTURE(name);
    CHECK_FALSE(check_consumer_name(name).has_value());
  }
}

TEST_SUITE_END();
