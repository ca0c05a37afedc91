// SPDX-License-Identifier: Apache-2.0
#include "atlink/credential.h"
#include "tests/support/disaster.h"
#include "tests/support/records.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/secrets");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string state = "/home/me/.local/state/atlink";

std::unique_ptr<CredentialStore> store_on(FakeFileSystem& files) {
  return make_file_store(files, state);
}

void nothing(FakeFileSystem& /*files*/) {}

void an_old_credential(FakeFileSystem& files) {
  REQUIRE(store_on(files)->save("work", some_credential("old")).has_value());
}

Status save_new(FakeFileSystem& files) {
  return store_on(files)->save("work", some_credential("new"));
}

std::string token_in(FakeFileSystem& files) {
  const auto loaded = store_on(files)->load("work");
  if (!loaded) {
    return loaded.error().message;
  }
  return *loaded ? (*loaded)->token : "none";
}

}  // namespace

TEST_CASE("crashes: a credential is replaced or not, whatever happens on the way") {
  const Undertaking replacing{an_old_credential, save_new, token_in};
  CHECK(fail_everywhere(replacing) > 10);
  CHECK(kill_everywhere(replacing) > 10);
}

TEST_CASE("crashes: a first credential is there or not") {
  const Undertaking creating{nothing, save_new, [](FakeFileSystem& files) {
                               const std::string token = token_in(files);
                               return token == "none" ? "old" : token;
                             }};
  CHECK(fail_everywhere(creating) > 8);
  CHECK(kill_everywhere(creating) > 8);
}

TEST_CASE("crashes: a credential is erased or not") {
  const Undertaking erasing{an_old_credential,
                            [](FakeFileSystem& files) { return store_on(files)->erase("work"); },
                            [](FakeFileSystem& files) {
                              const std::string token = token_in(files);
                              return token == "none" ? "new" : token;
                            }};
  CHECK(fail_everywhere(erasing) > 5);
  CHECK(kill_everywhere(erasing) > 5);
}

TEST_CASE("crashes: a pending sign-in is replaced or not") {
  const Undertaking replacing{
      [](FakeFileSystem& files) {
        REQUIRE(store_on(files)->save_pending("work", some_pending("old")).has_value());
      },
      [](FakeFileSystem& files) {
        return store_on(files)->save_pending("work", some_pending("new"));
      },
      [](FakeFileSystem& files) {
        const auto loaded = store_on(files)->load_pending("work");
        return loaded && *loaded ? (*loaded)->request_token : "none";
      }};
  CHECK(fail_everywhere(replacing) > 8);
  CHECK(kill_everywhere(replacing) > 8);
}

TEST_CASE("crashes: a consumer secret is replaced or not") {
  const Undertaking replacing{
      [](FakeFileSystem& files) {
        REQUIRE(store_on(files)->save_consumer("work", some_consumer("old")).has_value());
      },
      [](FakeFileSystem& files) {
        return store_on(files)->save_consumer("work", some_consumer("new"));
      },
      [](FakeFileSystem& files) {
        const auto loaded = store_on(files)->load_consumer("work");
        return loaded && *loaded ? std::string((*loaded)->secret.expose()) : "none";
      }};
  CHECK(fail_everywhere(replacing) > 8);
  CHECK(kill_everywhere(replacing) > 8);
}

TEST_SUITE_END();
